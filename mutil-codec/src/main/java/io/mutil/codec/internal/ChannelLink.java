package io.mutil.codec.internal;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Joins a channel to an inbox, an outbox or both. The last handler of its pipeline.
 *
 * <p>Reads while the inbox takes bytes, and writes while the channel does: what the channel does not take yet goes on
 * being packed.
 */
public final class ChannelLink extends ChannelInboundHandlerAdapter implements FrameInbox.Feed, FrameOutbox.Drain {
    private final Channel channel;
    private final Runnable flush = this::flush;
    private final Runnable serveLate = this::serveLate;
    private @Nullable FrameInbox inbox;
    private @Nullable FrameOutbox outbox;
    private @Nullable ChannelHandlerContext context;
    /** Whether {@link #serveLate} will run. On the event loop. */
    private boolean serving;

    public ChannelLink(Channel channel) {
        this.channel = channel;
    }

    /** What the channel is joined to; before this handler is added to the pipeline. */
    public void join(@Nullable FrameInbox inbox, @Nullable FrameOutbox outbox) {
        this.inbox = inbox;
        this.outbox = outbox;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        // not channelInactive, which a handler in between may swallow; a task, behind the reads that came before
        channel.closeFuture().addListener(f -> runInLoop(this::closed));
        flush();
    }

    private void runInLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            // the loop has ended, and the channel with it; what has arrived can still be read
            closed();
        }
    }

    private void closed() {
        if (inbox != null) {
            inbox.end();
        }
        if (outbox != null) {
            outbox.close(new ClosedChannelException());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        pauseUnless(requireNonNull(inbox, "inbox").collect((ByteBuf) bytes));
        if (!serving) {
            serving = true;
            // not every read is followed by a channelReadComplete: some come from handlers that held them back
            runInLoop(serveLate);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        serve();
        ctx.fireChannelReadComplete();
    }

    private void serveLate() {
        serve();
        serving = false;
    }

    private void serve() {
        if (serving) {
            pauseUnless(requireNonNull(inbox, "inbox").serve());
        }
    }

    private void pauseUnless(boolean more) {
        if (!more) {
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && inbox != null) {
            inbox.end();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        flush();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (inbox != null) {
            inbox.fail(cause);
        }
        var unused = ctx.close();
    }

    @Override
    public boolean isOwnThread() {
        return channel.eventLoop().inEventLoop();
    }

    @Override
    public void resume() {
        runInLoop(() -> channel.config().setAutoRead(true));
    }

    @Override
    public void wake() {
        runInLoop(flush);
    }

    @Override
    public void broken(Throwable why) {
        var unused = channel.close();
    }

    private void flush() {
        ChannelHandlerContext ctx = context;
        if (outbox == null || ctx == null) {
            return;
        }
        boolean wrote = false;
        while (channel.isWritable()) {
            Piece piece = outbox.take();
            if (piece == null) {
                break;
            }
            ChannelPromise promise = ctx.newPromise();
            promise.addListener(f -> {
                if (f.isSuccess()) {
                    piece.left();
                } else {
                    piece.failed(f.cause());
                }
            });
            var unused = ctx.write(piece.message(), promise);
            wrote = true;
        }
        if (wrote) {
            ctx.flush();
        }
    }
}
