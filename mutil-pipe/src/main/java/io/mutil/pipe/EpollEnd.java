package io.mutil.pipe;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor that somebody else opened, on an event loop.
 *
 * <p>Whoever opened it may not have made it non-blocking, and it must stay as it is: that is a property of the open file, and
 * others may use it too. Fields are confined to the loop.
 */
abstract class EpollEnd implements EpollIoHandle {
    private static final Logger LOGGER = System.getLogger(EpollEnd.class.getName());
    /** How many system calls before others on the loop have their turn. */
    static final int SPINS = 16;

    final Descriptor descriptor;
    private final FileDescriptor fd;
    private final IoEventLoop loop;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private @Nullable IoRegistration registration;
    private @Nullable EpollIoOps interest;

    EpollEnd(Descriptor descriptor, IoEventLoop loop) {
        this.descriptor = descriptor;
        this.fd = new FileDescriptor(descriptor.number());
        this.loop = loop;
    }

    /** Runs on the loop once events can come. */
    abstract void begun();

    /** Tells those who depend on this end; on the loop. */
    abstract void failed(Throwable why);

    /** Lets go of what is in hand; on the loop. */
    abstract void dropped();

    final void register() {
        Future<IoRegistration> registered = loop.register(this);
        registered.addListener(f -> {
            if (!registered.isSuccess()) {
                breakOff(registered.cause());
                return;
            }
            registration = registered.getNow();
            if (isClosed()) {
                registration.cancel();
            } else {
                begun();
            }
        });
    }

    final void interest(EpollIoOps ops) {
        IoRegistration current = registration;
        if (current == null || ops.equals(interest)) {
            return;
        }
        interest = ops;
        try {
            current.submit(ops);
        } catch (UncheckedIOException e) {
            breakOff(e);
        }
    }

    final void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // the loop was shut down by its owner, and has closed this end by then
            LOGGER.log(Level.DEBUG, () -> "event loop of descriptor " + descriptor.number() + " has ended", e);
        }
    }

    final boolean isClosed() {
        return closed.isDone();
    }

    public final boolean isOwnThread() {
        return loop.inEventLoop();
    }

    public final CompletableFuture<Void> closeAsync() {
        try {
            loop.execute(this::closeNow);
        } catch (RejectedExecutionException e) {
            // the loop has ended, so nothing else runs
            closeNow();
        }
        return closed;
    }

    /** Tells those who depend on this end, and gives the descriptor back; on the loop. */
    final void breakOff(Throwable why) {
        try {
            failed(why);
        } finally {
            closeNow();
        }
    }

    /** Gives the descriptor back. */
    final void closeNow() {
        if (isClosed()) {
            return;
        }
        dropped();
        if (registration != null) {
            registration.cancel();
        }
        try {
            descriptor.close(fd::close);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, () -> "closing descriptor " + descriptor.number() + " failed", e);
        }
        closed.complete(null);
    }

    @Override
    public final FileDescriptor fd() {
        return fd;
    }

    @Override
    public void registered() {}

    @Override
    public void unregistered() {}

    /** The loop ends. */
    @Override
    public void close() {
        breakOff(new IOException("the event loop of descriptor " + descriptor.number() + " was shut down"));
    }
}
