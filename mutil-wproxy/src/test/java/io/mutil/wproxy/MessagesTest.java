package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class MessagesTest {
    @Test
    void anyNumberOfCopiesFits() {
        var messages = new Messages(ByteBufAllocator.DEFAULT, 16);
        for (int i = 0; i < 1000; i++) {
            messages.add(Notices.element("message " + i));
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(UTF_8.decode(messages.payload(i)).toString()).isEqualTo("message " + i);
            assertThat(new String(messages.copy(i).payload(), UTF_8)).isEqualTo("message " + i);
        }
        messages.release();
    }
}
