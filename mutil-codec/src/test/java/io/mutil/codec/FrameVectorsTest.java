package io.mutil.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The frames of the Python library, byte for byte. */
class FrameVectorsTest {
    static Stream<JsonNode> frames() {
        return Vectors.lines("frames.jsonl");
    }

    static Stream<JsonNode> streams() {
        return Vectors.lines("frame_streams.jsonl");
    }

    static Stream<JsonNode> json() {
        return Vectors.lines("frames_json.jsonl");
    }

    @ParameterizedTest
    @MethodSource("frames")
    void encodes(JsonNode line) {
        EmbeddedChannel channel = Frames.encoding(format(line));
        byte[] payload = Vectors.payload(line);

        ChannelFuture write = channel.writeOneOutbound(Vectors.buffer(payload));
        channel.flushOutbound();

        if (line.has("error")) {
            assertThat(write.cause()).isInstanceOf(FrameTooLargeException.class);
            assertThat(Frames.written(channel)).isEmpty();
        } else {
            assertThat(write.isSuccess()).isTrue();
            assertEncoded(line, payload, Frames.written(channel));
        }
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @MethodSource("frames")
    void encodesForSharing(JsonNode line) {
        ByteBuf payload = Unpooled.buffer().writeBytes(Vectors.payload(line));
        if (line.has("error")) {
            assertThatThrownBy(() -> format(line).encode(ByteBufAllocator.DEFAULT, payload))
                    .isInstanceOf(IllegalArgumentException.class);
        } else {
            EncodedFrame frame = format(line).encode(ByteBufAllocator.DEFAULT, payload);
            assertEncoded(line, Vectors.payload(line), Frames.bytes(frame.content()));
        }
        assertThat(payload.refCnt()).isZero();
    }

    @ParameterizedTest
    @MethodSource("frames")
    void decodes(JsonNode line) {
        if (line.has("error")) {
            return;
        }
        EmbeddedChannel channel = Frames.decoding(format(line));
        byte[] payload = Vectors.payload(line);

        channel.writeInbound(Vectors.buffer(Vectors.hex(line.get("header"))), Vectors.buffer(payload));

        if (payload.length == 0) {
            channel.writeInbound(Vectors.buffer(payload));
        }
        assertThat(Frames.bytes(channel.readInbound())).isEqualTo(payload);
        assertThat(channel.finish()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void decodesStreams(JsonNode line) {
        EmbeddedChannel channel = Frames.decoding(format(line));

        for (JsonNode chunk : line.get("chunks")) {
            channel.writeInbound(Vectors.buffer(Vectors.hex(chunk)));
        }
        Throwable end = finish(channel);

        for (JsonNode frame : line.get("frames")) {
            assertThat(Frames.bytes(channel.readInbound())).isEqualTo(Vectors.hex(frame));
        }
        assertThat(channel.<Object>readInbound()).isNull();
        if (line.has("error")) {
            assertThat(end).isInstanceOf(TruncatedFrameException.class);
        } else {
            assertThat(end).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("json")
    void decodesJson(JsonNode line) throws IOException {
        for (String sender : new String[] {"by_connection", "by_pipe"}) {
            EmbeddedChannel channel = Frames.decoding(format(line));
            channel.writeInbound(Vectors.buffer(Vectors.hex(line.get(sender))));
            ByteBuf payload = channel.readInbound();

            assertThat(JsonCodec.of(JsonNode.class).decode(payload)).isEqualTo(line.get("value"));

            payload.release();
            channel.finishAndReleaseAll();
        }
    }

    @ParameterizedTest
    @MethodSource("json")
    void encodesJsonThatDecodesToTheSame(JsonNode line) throws IOException {
        JsonCodec<JsonNode> codec = JsonCodec.of(JsonNode.class);
        ByteBuf payload = codec.encode(ByteBufAllocator.DEFAULT, line.get("value"));

        assertThat(codec.decode(payload)).isEqualTo(line.get("value"));

        payload.release();
    }

    private static FrameFormat format(JsonNode line) {
        return FrameFormat.littleEndian(line.get("header_bytes").asInt()).maxBytes(1L << 30);
    }

    private static void assertEncoded(JsonNode line, byte[] payload, byte[] encoded) {
        byte[] header = Vectors.hex(line.get("header"));
        assertThat(encoded).startsWith(header).endsWith(payload).hasSize(header.length + payload.length);
        if (line.has("encoded")) {
            assertThat(encoded).isEqualTo(Vectors.hex(line.get("encoded")));
        }
    }

    private static @Nullable Throwable finish(EmbeddedChannel channel) {
        try {
            channel.finish();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }
}
