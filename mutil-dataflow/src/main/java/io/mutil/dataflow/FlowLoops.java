package io.mutil.dataflow;

import io.mutil.codec.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The event loops of one running topology, made when its first network level asks for them. */
final class FlowLoops {
    private final Transport transport;
    private final int threads;
    private final NamedThreads threadFactory;
    private final Duration drainTimeout;
    private @Nullable EventLoopGroup group;

    FlowLoops(Transport transport, int threads, NamedThreads threadFactory, Duration drainTimeout) {
        this.transport = transport;
        this.threads = threads;
        this.threadFactory = threadFactory;
        this.drainTimeout = drainTimeout;
    }

    Transport transport() {
        return transport;
    }

    int threads() {
        return threads;
    }

    /** How long closing connections may take; never zero, which they do not know. */
    Duration drainTimeout() {
        return drainTimeout.isZero() ? Duration.ofMillis(1) : drainTimeout;
    }

    EventLoopGroup group() {
        if (group == null) {
            group = transport.newEventLoopGroup(threads, threadFactory);
        }
        return group;
    }

    /** Whether the calling thread is one of the loops. */
    boolean inEventLoop() {
        if (group != null) {
            for (EventExecutor loop : group) {
                if (loop.inEventLoop()) {
                    return true;
                }
            }
        }
        return false;
    }

    CompletableFuture<Void> closeAsync() {
        var closed = new CompletableFuture<Void>();
        if (group == null) {
            closed.complete(null);
            return closed;
        }
        Future<?> terminated = group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        terminated.addListener(future -> closed.complete(null));
        return closed;
    }
}
