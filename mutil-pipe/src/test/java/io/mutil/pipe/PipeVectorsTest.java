package io.mutil.pipe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.JsonCodec;
import io.mutil.codec.TruncatedFrameException;
import io.mutil.pipe.Conduit.Kind;
import io.mutil.testkit.Background;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The frames of the Python library, byte for byte. */
@Timeout(60)
class PipeVectorsTest {
    private static final JsonCodec<JsonNode> JSON = JsonCodec.of(JsonNode.class);

    private static Pipe.Builder options(JsonNode line) {
        return Pipe.builder()
                .format(FrameFormat.littleEndian(line.get("header_bytes").asInt())
                        .maxBytes(1L << 30));
    }

    @ParameterizedTest
    @EnumSource
    void writesThem(Kind kind) throws Exception {
        for (JsonNode line : Vectors.lines("frames.jsonl")) {
            byte[] payload = Vectors.payload(line);
            try (Conduit conduit = kind.make();
                    Pipe out = conduit.writer(options(line));
                    InputStream in = conduit.rawReader()) {
                if (line.has("error")) {
                    assertThatThrownBy(() -> out.write(ByteBuffer.wrap(payload)))
                            .isInstanceOf(IllegalArgumentException.class);
                    continue;
                }
                var written = Background.run(() -> {
                    out.write(ByteBuffer.wrap(payload));
                    out.closeOutput();
                });
                byte[] encoded = in.readAllBytes();
                assertThat(ByteBuffer.wrap(encoded)).isEqualTo(join(Vectors.hex(line.get("header")), payload));
                if (line.has("encoded")) {
                    assertThat(encoded).isEqualTo(Vectors.hex(line.get("encoded")));
                }
                written.get();
            }
        }
    }

    private static ByteBuffer join(byte[] header, byte[] payload) {
        return ByteBuffer.allocate(header.length + payload.length)
                .put(header)
                .put(payload)
                .flip();
    }

    @ParameterizedTest
    @EnumSource
    void readsThem(Kind kind) throws Exception {
        for (JsonNode line : Vectors.lines("frames.jsonl")) {
            if (line.has("error")) {
                continue;
            }
            byte[] payload = Vectors.payload(line);
            try (Conduit conduit = kind.make();
                    Pipe in = conduit.reader(options(line))) {
                var written = Background.run(() -> {
                    try (OutputStream out = conduit.rawWriter()) {
                        out.write(Vectors.hex(line.get("header")));
                        out.write(payload);
                    }
                });
                assertThat(in.read()).isEqualTo(ByteBuffer.wrap(payload));
                assertThat(in.read()).isNull();
                written.get();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsStreamsInPieces(Kind kind) throws Exception {
        for (JsonNode line : Vectors.lines("frame_streams.jsonl")) {
            try (Conduit conduit = kind.make();
                    Pipe in = conduit.reader(options(line))) {
                try (OutputStream out = conduit.rawWriter()) {
                    for (JsonNode chunk : line.get("chunks")) {
                        out.write(Vectors.hex(chunk));
                    }
                }
                for (JsonNode frame : line.get("frames")) {
                    assertThat(in.read()).isEqualTo(ByteBuffer.wrap(Vectors.hex(frame)));
                }
                if (line.has("error")) {
                    assertThatThrownBy(in::read).isInstanceOf(TruncatedFrameException.class);
                } else {
                    assertThat(in.read()).isNull();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void valuesOfEitherSenderAreRead(Kind kind) throws Exception {
        for (JsonNode line : Vectors.lines("frames_json.jsonl")) {
            for (String sender : List.of("by_pipe", "by_connection")) {
                try (Conduit conduit = kind.make();
                        Pipe in = conduit.reader(options(line))) {
                    try (OutputStream out = conduit.rawWriter()) {
                        out.write(Vectors.hex(line.get(sender)));
                    }
                    assertThat(in.as(JSON).read()).isEqualTo(line.get("value"));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void valuesAreWrittenInTheirForm(Kind kind) throws Exception {
        for (JsonNode line : Vectors.lines("frames_json.jsonl")) {
            JsonNode value = requireNonNull(line.get("value"));
            try (Conduit conduit = kind.make();
                    Pipe out = conduit.writer(options(line));
                    InputStream in = conduit.rawReader()) {
                out.as(JSON).write(value);
                out.closeOutput();

                byte[] written = in.readAllBytes();
                if (value.isString() || value.isBoolean()) {
                    assertThat(written).isEqualTo(Vectors.hex(line.get("by_pipe")));
                }
                try (Pipe back = options(line).reading(new ByteArrayInputStream(written))) {
                    assertThat(back.as(JSON).read()).isEqualTo(value);
                    assertThat(back.read()).isNull();
                }
            }
        }
    }
}
