package io.mutil.server;

import io.mutil.codec.Transport;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/** Event loops together with who ends them. */
record Loops(EventLoopGroup group, boolean owned) {
    static Loops borrowed(EventLoopGroup group) {
        return new Loops(group, false);
    }

    static Loops owned(Transport transport, String name, int threads) {
        return new Loops(transport.newEventLoopGroup(threads, new DefaultThreadFactory(name, true)), true);
    }

    /** Runs the action; if it fails, ends the threads. */
    <T, E extends Exception> T orShutDown(Opening<T, E> action) throws E {
        try {
            return action.open();
        } catch (Throwable e) {
            shutDown();
            throw e;
        }
    }

    /** Something that may fail. */
    @FunctionalInterface
    interface Opening<T, E extends Exception> {
        T open() throws E;
    }

    /**
     * Ends the threads if they are ours, and then runs the action. Channels have to be closed by then: Netty (4.2.17) leaves
     * one open that becomes active while its loop ends, and closes no channel for a loop that has ended.
     */
    void shutDown(Runnable then) {
        if (owned) {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).addListener(f -> then.run());
        } else {
            then.run();
        }
    }

    void shutDown() {
        shutDown(() -> {});
    }

    boolean inEventLoop() {
        return inEventLoop(group);
    }

    /** Whether this thread is the loop of the channel or one of its siblings. */
    static boolean inEventLoop(Channel channel) {
        EventLoopGroup group = channel.eventLoop().parent();
        return channel.eventLoop().inEventLoop() || (group != null && inEventLoop(group));
    }

    static boolean inEventLoop(Iterable<EventExecutor> group) {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }
}
