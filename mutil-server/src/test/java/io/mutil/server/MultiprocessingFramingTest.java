package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameTooLargeException;
import io.mutil.codec.internal.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultiprocessingFramingTest {
    private final Framing framing = new MultiprocessingFraming(1L << 40);

    @ParameterizedTest
    @CsvSource({
        "0, 00000000",
        "1, 00000001",
        "65536, 00010000",
        "2147483647, 7fffffff",
        "2147483648, ffffffff0000000080000000",
        "1099511627776, ffffffff0000010000000000"
    })
    void headersAreThoseOfPython(long length, String hex) throws Exception {
        ByteBuf header = Unpooled.buffer();

        framing.writeHeader(header, Framing.DATA, length);

        assertThat(ByteBufUtil.hexDump(header)).isEqualTo(hex);
        assertThat(header.readableBytes()).isLessThanOrEqualTo(framing.maxHeaderBytes());
        assertThat(framing.readHeader(header)).isEqualTo(length);
        assertThat(header.isReadable()).isFalse();
    }

    @Test
    void waitsForTheWholeHeader() throws Exception {
        ByteBuf header = Unpooled.buffer();
        framing.writeHeader(header, Framing.DATA, 1L << 32);

        for (int length = 0; length < 12; length++) {
            ByteBuf part = header.duplicate().writerIndex(length);
            assertThat(framing.readHeader(part)).isEqualTo(-1);
            assertThat(part.readableBytes()).isEqualTo(length);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fffffffe",
        "80000000",
        "ffffffff8000000000000000",
        "ffffffffffffffffffffffff",
        "ffffffff0000010000000001"
    })
    void refusesWhatIsNegativeOrTooLong(String hex) {
        ByteBuf header = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));

        assertThatThrownBy(() -> framing.readHeader(header)).isInstanceOf(FrameTooLargeException.class);
    }

    @Test
    void sendsNoMoreThanTheLimit() {
        framing.check(1L << 40);

        assertThatThrownBy(() -> framing.check((1L << 40) + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> framing.check(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> framing.writeHeader(Unpooled.buffer(), 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(framing.typed()).isFalse();
    }
}
