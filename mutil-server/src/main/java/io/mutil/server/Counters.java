package io.mutil.server;

import java.util.concurrent.atomic.LongAdder;

/** What the connections of one server or client have done. */
final class Counters {
    final LongAdder accepted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder messagesIn = new LongAdder();
    final LongAdder messagesOut = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder rejectedMessages = new LongAdder();
    final LongAdder closedSlow = new LongAdder();
    final LongAdder closedDead = new LongAdder();
}
