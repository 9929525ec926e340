package io.mutil.wproxy;

import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/** The way to one subscriber, of whatever kind. Used on the subscriber's loop. */
interface Link {
    /**
     * Queues runs of messages, without flushing them.
     *
     * @return how many messages there was room for, the first ones
     */
    int offer(Runs runs);

    /** Queues all of these messages, as {@link #offer(Runs)} does. */
    int offer(Messages messages);

    void flush();

    /** Whether the peer does not take what it is given: then messages wait on this side, where a policy applies. */
    boolean isBehind();

    /** Whether nothing waits on this side: then there is room for whatever comes next. */
    boolean isIdle();

    /** Completes, on any thread, when what waits now has been handed to the kernel, or fails. */
    CompletableFuture<Void> drainAsync();

    /** Closes behind what waits. */
    CompletableFuture<Void> closeAsync(int code, String reason);

    SocketAddress remoteAddress();
}
