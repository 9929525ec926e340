package io.mutil.wproxy;

import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/** The way to one subscriber, of whatever kind. Used on the subscriber's loop. */
interface Link {
    /**
     * Queues a run of messages, without flushing it.
     *
     * @return the first message that there was no room for, or {@code to}
     */
    int offer(Messages messages, int from, int to);

    void flush();

    /** Bytes that wait to be handed to the kernel. */
    long queuedBytes();

    /** Completes, on any thread, when what waits now has been handed to the kernel, or fails. */
    CompletableFuture<Void> drainAsync();

    /** Closes behind what waits. */
    CompletableFuture<Void> closeAsync(int code, String reason);

    SocketAddress remoteAddress();
}
