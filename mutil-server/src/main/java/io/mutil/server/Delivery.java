package io.mutil.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The promise of one queued message, which also takes it off the queue's account.
 *
 * <p>One object instead of a promise and a listener; and it acts in the thread that completes it, so that the account
 * is settled even if the event loop has ended.
 */
final class Delivery extends DefaultChannelPromise {
    private final Outbox outbox;
    private final int payloadBytes;
    private final @Nullable CompletableFuture<Void> sent;

    Delivery(Outbox outbox, Channel channel, int payloadBytes, @Nullable CompletableFuture<Void> sent) {
        super(channel);
        this.outbox = outbox;
        this.payloadBytes = payloadBytes;
        this.sent = sent;
    }

    @Override
    public ChannelPromise setSuccess(@Nullable Void result) {
        super.setSuccess(null);
        outbox.delivered(payloadBytes, sent, null);
        return this;
    }

    @Override
    public boolean trySuccess(@Nullable Void result) {
        boolean first = super.trySuccess(null);
        if (first) {
            outbox.delivered(payloadBytes, sent, null);
        }
        return first;
    }

    @Override
    public ChannelPromise setFailure(Throwable cause) {
        super.setFailure(cause);
        outbox.delivered(payloadBytes, sent, cause);
        return this;
    }

    @Override
    public boolean tryFailure(Throwable cause) {
        boolean first = super.tryFailure(cause);
        if (first) {
            outbox.delivered(payloadBytes, sent, cause);
        }
        return first;
    }
}
