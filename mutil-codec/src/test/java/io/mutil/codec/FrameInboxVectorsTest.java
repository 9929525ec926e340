package io.mutil.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.FrameReading;
import io.mutil.codec.internal.Framing;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class FrameInboxVectorsTest {
    static Stream<JsonNode> streams() {
        return Vectors.lines("frame_streams.jsonl");
    }

    @ParameterizedTest
    @MethodSource("streams")
    void readsStreams(JsonNode line) throws IOException, InterruptedException {
        var format = FrameFormat.littleEndian(line.get("header_bytes").asInt()).maxBytes(1L << 30);
        var inbox = new FrameInbox(Framing.bare(format), 1 << 20, new FrameInbox.Feed() {
            @Override
            public boolean isOwnThread() {
                return false;
            }

            @Override
            public void resume() {}

            @Override
            public void broken(Throwable why) {}
        });
        for (JsonNode chunk : line.get("chunks")) {
            inbox.add(Vectors.buffer(Vectors.hex(chunk)));
        }
        inbox.end();

        for (JsonNode frame : line.get("frames")) {
            var read = Objects.requireNonNull(inbox.await(FrameReading.whole()));
            assertThat(ByteBufUtil.hexDump(Unpooled.wrappedBuffer(read))).isEqualTo(frame.asString());
        }
        if (line.has("error")) {
            assertThatThrownBy(() -> inbox.await(FrameReading.whole())).isInstanceOf(TruncatedFrameException.class);
        } else {
            assertThat(inbox.await(FrameReading.whole())).isNull();
        }
    }
}
