package io.mutil.server;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** The promise of several messages that leave as one write. */
final class RunDelivery extends Delivery {
    private final int messages;
    private final int frameBytes;

    /** @param payloadBytes of all of them, as {@code frameBytes} */
    RunDelivery(Outbox outbox, Channel channel, int messages, int payloadBytes, int frameBytes) {
        super(outbox, channel, payloadBytes, null);
        this.messages = messages;
        this.frameBytes = frameBytes;
    }

    @Override
    void settle(@Nullable Throwable failure) {
        outbox.delivered(messages, payloadBytes, frameBytes, null, failure);
    }
}
