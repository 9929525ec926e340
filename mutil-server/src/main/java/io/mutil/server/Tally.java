package io.mutil.server;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What has come in on one connection, or on several of them. */
final class Tally {
    private final @Nullable Tally total;
    private final LongAdder frames = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder slow = new LongAdder();

    /** @param total counts along */
    Tally(@Nullable Tally total) {
        this.total = total;
    }

    void frame() {
        frames.increment();
        if (total != null) {
            total.frame();
        }
    }

    void bytes(int count) {
        bytes.add(count);
        if (total != null) {
            total.bytes(count);
        }
    }

    /** The connection was closed because the peer took too little. */
    void closedSlow() {
        slow.increment();
        if (total != null) {
            total.closedSlow();
        }
    }

    long frames() {
        return frames.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    long slow() {
        return slow.sum();
    }
}
