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
    private static final int MAX_SILENT = 2;

    /** What happens at each beat. Runs on the event loop. */
    interface Signs {
        /**
         * An interval is over.
         *
         * @param heard whether any byte has come in it
         * @param said whether anything was written in it
         */
        void beat(ChannelHandlerContext ctx, boolean heard, boolean said);

        /** The third interval without any byte is over. Nothing follows. */
        void dead();
    }

    private final Duration interval;
    private final Signs signs;
    private boolean heard;
    private boolean said;
    private int silent;
    private @Nullable Future<?> next;

    HeartBeat(Duration interval, Signs signs) {
        this.interval = interval;
        this.signs = signs;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        schedule(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        heard = true;
        ctx.fireChannelRead(bytes);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object bytes, ChannelPromise promise) {
        said = true;
        var unused = ctx.write(bytes, promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (next != null) {
            next.cancel(false);
        }
    }

    private void schedule(ChannelHandlerContext ctx) {
        next = ctx.executor().schedule(() -> beat(ctx), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void beat(ChannelHandlerContext ctx) {
        boolean alive = heard || !ctx.channel().config().isAutoRead();
        if (!alive && silent == MAX_SILENT) {
            signs.dead();
            return;
        }
        silent = alive ? 0 : silent + 1;
        boolean spoke = said;
        heard = false;
        said = false;
        signs.beat(ctx, alive, spoke);
        schedule(ctx);
    }
}
