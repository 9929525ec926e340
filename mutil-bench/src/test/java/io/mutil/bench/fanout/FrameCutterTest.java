package io.mutil.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCutterTest {
    private final List<String> found = new ArrayList<>();
    private final FrameCutter.Sink sink = new FrameCutter.Sink() {
        @Override
        public void message(byte[] bytes, int from, int length) {
            found.add("message " + new String(bytes, from, length, US_ASCII));
        }

        @Override
        public void ping(byte[] bytes, int from, int length) {
            found.add("ping " + new String(bytes, from, length, US_ASCII));
        }

        @Override
        public void end(int firstByte) {
            found.add("end " + Integer.toHexString(firstByte));
        }
    };

    @Test
    void findsFramesOfEveryKind() {
        byte[] bytes = {(byte) 0x81, 2, 'h', 'i', (byte) 0x89, 1, 'p', (byte) 0x8A, 0, (byte) 0x88, 0};

        assertThat(FrameCutter.cut(bytes, 0, bytes.length, sink)).isEqualTo(bytes.length);
        assertThat(found).containsExactly("message hi", "ping p", "end 88");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 200, 0xFFFF, 0x10000})
    void readsEveryFormOfLength(int length) {
        byte[] bytes = frame(length);

        assertThat(FrameCutter.cut(bytes, 0, bytes.length, sink)).isEqualTo(bytes.length);
        assertThat(found).containsExactly("message " + "x".repeat(length));
    }

    @Test
    void leavesWhatIsNotComplete() {
        byte[] bytes = frame(200);
        for (int end = 0; end < bytes.length; end++) {
            assertThat(FrameCutter.cut(bytes, 0, end, sink)).isZero();
        }
        assertThat(found).isEmpty();
    }

    @Test
    void tellsAFragmentAsTheEnd() {
        FrameCutter.cut(new byte[] {1, 0}, 0, 2, sink);

        assertThat(found).containsExactly("end 1");
    }

    private static byte[] frame(int length) {
        ByteBuf frame = Unpooled.buffer();
        if (length > 0xFFFF) {
            frame.writeByte(0x82).writeByte(127).writeLong(length);
        } else {
            Frames.textHeader(frame, length, false);
        }
        frame.writeCharSequence("x".repeat(length), US_ASCII);
        return ByteBufUtil.getBytes(frame);
    }
}
