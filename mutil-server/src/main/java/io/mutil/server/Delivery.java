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
class Delivery extends DefaultChannelPromise {
    final Outbox outbox;
    final int payloadBytes;
    private final @Nullable CompletableFuture<Void> sent;

    Delivery(Outbox outbox, Channel channel, int payloadBytes, @Nullable CompletableFuture<Void> sent) {
        super(channel);
        this.outbox = outbox;
        this.payloadBytes = payloadBytes;
        this.sent = sent;
    }

    /** Tells the outbox, once. */
    void settle(@Nullable Throwable failure) {
        outbox.delivered(1, payloadBytes, outbox.frameBytes(payloadBytes), sent, failure);
    }

    @Override
    public ChannelPromise setSuccess(@Nullable Void result) {
        super.setSuccess(null);
        settle(null);
        return this;
    }

    @Override
    public boolean trySuccess(@Nullable Void result) {
        boolean first = super.trySuccess(null);
        if (first) {
            settle(null);
        }
        return first;
    }

    @Override
    public ChannelPromise setFailure(Throwable cause) {
        super.setFailure(cause);
        settle(cause);
        return this;
    }

    @Override
    public boolean tryFailure(Throwable cause) {
        boolean first = super.tryFailure(cause);
        if (first) {
            settle(cause);
        }
        return first;
    }
}
