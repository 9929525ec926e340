package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Transport;
import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.Test;

class LoopsTest {
    @Test
    void nothingIsLeftIfTheSecondCannotBeMade() {
        EventLoopGroup first = Transport.nio().newEventLoopGroup(2, Thread::new);

        assertThatThrownBy(() -> Loops.open(() -> first, () -> {
                    throw new IllegalStateException("too many open files");
                }))
                .hasMessage("too many open files");

        assertThat(first.isTerminated()).isTrue();
    }
}
