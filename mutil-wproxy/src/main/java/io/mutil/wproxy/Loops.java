package io.mutil.wproxy;

import io.mutil.codec.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The threads of a proxy.
 *
 * @param clients for connections of clients
 * @param upstream one, for the connection to the upstream
 */
record Loops(EventLoopGroup clients, EventLoopGroup upstream) {
    private static final int PATIENCE_SECONDS = 5;

    static Loops open(Transport transport, int threads) {
        return open(
                () -> transport.newEventLoopGroup(threads, new DefaultThreadFactory("mutil-wproxy", true)),
                () -> transport.newEventLoopGroup(1, new DefaultThreadFactory("mutil-wproxy-upstream", true)));
    }

    /** Both or none: each loop has open files, whether its thread has begun or not. */
    static Loops open(Supplier<EventLoopGroup> clients, Supplier<EventLoopGroup> upstream) {
        EventLoopGroup first = clients.get();
        try {
            return new Loops(first, upstream.get());
        } catch (Throwable e) {
            end(first).join();
            throw e;
        }
    }

    CompletableFuture<Void> shutDownAsync() {
        return end(clients).thenCompose(v -> end(upstream));
    }

    private static CompletableFuture<Void> end(EventLoopGroup loops) {
        var done = new CompletableFuture<Void>();
        loops.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS).addListener(f -> done.complete(null));
        return done;
    }
}
