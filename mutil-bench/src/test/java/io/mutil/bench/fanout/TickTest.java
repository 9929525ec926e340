package io.mutil.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TickTest {
    private final Tick tick = new Tick();

    @Test
    void isAJsonObjectOfItsLength() {
        String text = new String(written(123, 7, 456), US_ASCII);

        assertThat(text)
                .startsWith("{\"sym\":\"K0123\",\"seq\":7,\"t\":456,\"pad\":\"xxx")
                .endsWith("xxx\"}")
                .hasSize(Tick.BYTES);
    }

    @Test
    void leavesNothingOfALongerOneBehind() {
        byte[] first = written(1, 1, 1);
        written(9999, Long.MAX_VALUE, Long.MAX_VALUE);

        assertThat(written(1, 1, 1)).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 1_234_567_890_123L, Long.MAX_VALUE})
    void isReadAsItWasWritten(long number) {
        byte[] bytes = written(42, number, number);

        assertThat(Tick.isAt(bytes, 0)).isTrue();
        assertThat(Tick.sequenceAt(bytes, 0)).isEqualTo(number);
        assertThat(Tick.timeAt(bytes, 0)).isEqualTo(number);
    }

    @Test
    void isToldFromAnAnswer() {
        assertThat(Tick.isAt("{\"subscribe\": [\"K0001\"]}".getBytes(US_ASCII), 0))
                .isFalse();
    }

    private byte[] written(int key, long sequence, long time) {
        var bytes = Unpooled.buffer();
        tick.write(bytes, key, sequence, time);
        return ByteBufUtil.getBytes(bytes);
    }
}
