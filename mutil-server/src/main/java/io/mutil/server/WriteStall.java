package io.mutil.server;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds a peer that takes no bytes while flushed ones wait, and lets nothing pass after the close frame.
 *
 * <p>The timer runs only while bytes wait, so an idle connection costs nothing. A large message that moves slowly is
 * progress: the position within the first waiting buffer is looked at, too.
 */
final class WriteStall extends ChannelOutboundHandlerAdapter {
    private static final int CHECKS = 4;

    private final long timeoutNanos;
    private final LongSupplier left;
    private final Runnable onStall;
    private boolean finished;
    private @Nullable ChannelFuture last;
    private long writes;
    private long seenWrites;
    private long seenProgress;
    private long seenPending;
    private long progressAt;
    private @Nullable Future<?> next;

    /** Is told by {@link #written} what has left. */
    WriteStall(Duration timeout, Runnable onStall) {
        this.timeoutNanos = timeout.toNanos();
        this.left = () -> writes;
        this.onStall = onStall;
    }

    /** @param left how much has left so far, in any unit */
    WriteStall(Duration timeout, LongSupplier left, Runnable onStall) {
        this.timeoutNanos = timeout.toNanos();
        this.left = left;
        this.onStall = onStall;
    }

    /** The close frame is on its way; whatever comes after it is dropped. */
    void finish() {
        finished = true;
    }

    /** What tells whether the last of everything that was written has left; null if nothing was. On the event loop. */
    @Nullable
    ChannelFuture last() {
        return last;
    }

    /** A message has left. */
    void written() {
        writes++;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object bytes, ChannelPromise promise) {
        if (finished) {
            ReferenceCountUtil.release(bytes);
            promise.tryFailure(new ClosedChannelException());
        } else {
            last = promise;
            var unused = ctx.write(bytes, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        ctx.flush();
        if (next == null && waiting(ctx) != null) {
            progressAt = now(ctx);
            look(ctx);
            schedule(ctx);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (next != null) {
            next.cancel(false);
        }
    }

    private void schedule(ChannelHandlerContext ctx) {
        long period = Math.max(1, timeoutNanos / CHECKS);
        next = ctx.executor().schedule(() -> check(ctx), period, TimeUnit.NANOSECONDS);
    }

    private void check(ChannelHandlerContext ctx) {
        next = null;
        if (waiting(ctx) == null) {
            return;
        }
        if (look(ctx)) {
            progressAt = now(ctx);
        } else if (now(ctx) - progressAt >= timeoutNanos) {
            onStall.run();
            return;
        }
        schedule(ctx);
    }

    /** Whether anything has moved since the last look. */
    private boolean look(ChannelHandlerContext ctx) {
        ChannelOutboundBuffer buffer = waiting(ctx);
        long progress = buffer == null ? 0 : buffer.currentProgress();
        long pending = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        long written = left.getAsLong();
        boolean moved = written != seenWrites || progress != seenProgress || pending < seenPending;
        seenWrites = written;
        seenProgress = progress;
        seenPending = pending;
        return moved;
    }

    private static @Nullable ChannelOutboundBuffer waiting(ChannelHandlerContext ctx) {
        ChannelOutboundBuffer buffer = ctx.channel().unsafe().outboundBuffer();
        return buffer == null || buffer.isEmpty() ? null : buffer;
    }

    private static long now(ChannelHandlerContext ctx) {
        return ctx.executor().ticker().nanoTime();
    }
}
