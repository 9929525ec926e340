package io.mutil.server;

import io.mutil.codec.Transport;
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

    /** Ends the threads if they are ours, and then runs the action. */
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

    static boolean inEventLoop(Iterable<EventExecutor> group) {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }
}
