package io.mutil.bench.fanout;

import io.netty.channel.Channel;
import java.io.IOException;
import java.util.List;

/** Where messages go into a contestant. */
interface Inlet extends AutoCloseable {
    /**
     * One for all keys, or one for each, in their order. Waits until they are connected.
     *
     * @throws IOException if they are not in time
     */
    List<Channel> lines() throws IOException, InterruptedException;

    /** Whether frames have to be masked, since this side is the client. */
    boolean masked();

    @Override
    void close();
}
