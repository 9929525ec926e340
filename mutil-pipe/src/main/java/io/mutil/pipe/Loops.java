package io.mutil.pipe;

import io.mutil.codec.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Event loops that all pipes of a process share: begun with the first pipe that needs them, ended with the last.
 *
 * <p>There may be thousands of pipes, so a thread each would be too much; and copying to and from the kernel is all that
 * these threads do, so more than one or two gain nothing.
 */
final class Loops {
    /** For the ends of pipes that were made here. */
    static final Loops NIO = new Loops(Transport.nio(), "mutil-pipe");

    private final Supplier<EventLoopGroup> maker;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable EventLoopGroup group;
    private int users;

    Loops(Transport transport, String name) {
        this(() -> transport.newEventLoopGroup(1, new DefaultThreadFactory(name, true)));
    }

    Loops(Supplier<EventLoopGroup> maker) {
        this.maker = maker;
    }

    /** The loops; each call is answered by one of {@link #release}. */
    EventLoopGroup acquire() {
        lock.lock();
        try {
            EventLoopGroup current = group;
            // an Error in a loop has ended it for good, however many still count as its users
            if (current == null || current.isShuttingDown()) {
                current = maker.get();
                group = current;
            }
            users++;
            return current;
        } finally {
            lock.unlock();
        }
    }

    void release() {
        EventLoopGroup last = null;
        lock.lock();
        try {
            if (--users == 0) {
                last = group;
                group = null;
            }
        } finally {
            lock.unlock();
        }
        if (last != null) {
            var unused = last.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
