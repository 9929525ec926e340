package io.mutil.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has signs of life sent, and finds a peer dead that gives none.
 *
 * <p>First in the pipeline, so that any byte counts as life, whatever it belongs to. While reading is off no byte can
 * arrive: that time counts as life as well.
 */
final class HeartBeat extends ChannelDuplexHandler {
    private static final int MAX_MISSED = 2;

    /** What happens at a beat. Runs on the event loop. */
    interface Signs {
        /**
         * At least once in each interval.
         *
         * @param heard whether any byte has come within an interval; false once for each interval without
         * @param said whether anything was written within an interval; false once for each interval without
         */
        void beat(ChannelHandlerContext ctx, boolean heard, boolean said);

        /** The third interval without any byte is over. Nothing follows. */
        void dead();
    }

    private final Duration interval;
    private final Signs signs;
    private long heardAt;
    private long saidAt;
    private int missed;
    private @Nullable Future<?> next;

    HeartBeat(Duration interval, Signs signs) {
        this.interval = interval;
        this.signs = signs;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        heardAt = now(ctx);
        saidAt = heardAt;
        schedule(ctx, interval.toNanos());
    }

    private static long now(ChannelHandlerContext ctx) {
        return ctx.executor().ticker().nanoTime();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        alive(ctx);
        ctx.fireChannelRead(bytes);
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        // silence begins when somebody listens
        alive(ctx);
        ctx.read();
    }

    private void alive(ChannelHandlerContext ctx) {
        heardAt = now(ctx);
        missed = 0;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object bytes, ChannelPromise promise) {
        saidAt = now(ctx);
        var unused = ctx.write(bytes, promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (next != null) {
            next.cancel(false);
        }
    }

    private void schedule(ChannelHandlerContext ctx, long nanos) {
        next = ctx.executor().schedule(() -> beat(ctx), nanos, TimeUnit.NANOSECONDS);
    }

    private void beat(ChannelHandlerContext ctx) {
        if (!ctx.channel().config().isAutoRead()) {
            alive(ctx);
        }
        long now = now(ctx);
        boolean heard = now - heardAt < interval.toNanos();
        boolean said = now - saidAt < interval.toNanos();
        if (!heard) {
            if (missed == MAX_MISSED) {
                signs.dead();
                return;
            }
            missed++;
            // not from when it should have been: a loop that was late has not listened meanwhile
            heardAt = now;
        }
        if (!said) {
            saidAt = now;
        }
        signs.beat(ctx, heard, said);
        long oldest = Math.min(heardAt - now, saidAt - now);
        schedule(ctx, interval.toNanos() + oldest);
    }
}
