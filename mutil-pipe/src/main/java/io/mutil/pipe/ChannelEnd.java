package io.mutil.pipe;

import io.mutil.codec.internal.ChannelLink;
import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.FrameOutbox;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One end of a pipe as a Netty channel. */
final class ChannelEnd implements Input, Output {
    private final Channel channel;
    private final Closeable descriptor;
    private final EventLoopGroup loops;
    private final ChannelLink link;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** @param descriptor what the channel is made of */
    ChannelEnd(Channel channel, Closeable descriptor, EventLoopGroup loops) {
        this.channel = channel;
        this.descriptor = descriptor;
        this.loops = loops;
        this.link = new ChannelLink(channel);
        channel.closeFuture().addListener(f -> closed.complete(null));
    }

    @Override
    public void start(FrameInbox inbox) {
        link.join(inbox, null);
        register(inbox::fail);
    }

    @Override
    public void start(FrameOutbox outbox) {
        link.join(null, outbox);
        register(outbox::close);
    }

    private void register(Consumer<Throwable> onFailure) {
        channel.pipeline().addLast(link);
        loops.register(channel).addListener(f -> {
            if (!f.isSuccess()) {
                onFailure.accept(f.cause());
            }
        });
    }

    @Override
    public void resume() {
        link.resume();
    }

    @Override
    public void wake() {
        link.wake();
    }

    @Override
    public void broken(Throwable why) {
        link.broken(why);
    }

    @Override
    public boolean isOwnThread() {
        return channel.eventLoop().inEventLoop();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        ChannelFuture closing = channel.close();
        if (closing.isDone() && !closing.isSuccess()) {
            closeWithoutLoop();
        }
        return closed;
    }

    /** A loop that is told to end at a certain moment leaves its channels open; then nobody else closes them. */
    private void closeWithoutLoop() {
        try {
            descriptor.close();
            closed.complete(null);
        } catch (IOException e) {
            closed.completeExceptionally(e);
        }
    }
}
