package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class OutboxTest {
    @Test
    void messageThatNettyThrowsAtIsReleasedAndFails() {
        ByteBuf frame = Unpooled.directBuffer();
        ChannelPromise delivery = new EmbeddedChannel().newPromise();
        var ended = new RejectedExecutionException("event executor terminated");

        Outbox.write(frame, delivery, (f, p) -> {
            throw ended;
        });

        assertThat(frame.refCnt()).isZero();
        assertThat(delivery.cause()).isSameAs(ended);
    }
}
