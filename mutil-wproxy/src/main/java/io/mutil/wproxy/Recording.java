package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.codec.FrameFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a recording consists of: frames with a little-endian length of four bytes. The first holds the JSON object
 * {@code {"format": "mutil-wproxy-recording", "version": 1, "began": "2026-11-22T14:30:00Z"}}. Each further one holds a kind
 * of one byte, a time of eight bytes in nanoseconds since then, little-endian, and a body. {@link WProxy.Builder#record}
 * tells what is in them.
 */
final class Recording {
    static final byte TEXT = 1;
    static final byte BINARY = 2;
    static final byte CONNECTED = 3;
    static final byte DISCONNECTED = 4;
    static final byte MISSING = 5;
    static final byte GAP = 6;

    /** Bytes of kind and time. */
    static final int HEADER = 1 + 8;

    static final FrameFormat FRAMES = FrameFormat.littleEndian(4).maxBytes(Integer.MAX_VALUE);

    static final String NOT_ONE = "is no recording of a proxy; name a file that a proxy has recorded";

    private static final String FORMAT = "mutil-wproxy-recording";
    private static final int VERSION = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private Recording() {}

    /** The first frame. */
    static ByteBuf head(Instant began) {
        byte[] json = ("{\"format\": \"" + FORMAT + "\", \"version\": " + VERSION + ", \"began\": \"" + began + "\"}")
                .getBytes(UTF_8);
        ByteBuf head = Unpooled.buffer(4 + json.length);
        FRAMES.writeHeader(head, json.length);
        return head.writeBytes(json);
    }

    /** What is wrong with a first frame; null if nothing is. */
    static @Nullable String problem(byte[] head) {
        JsonNode json;
        try {
            json = JSON.readTree(head);
        } catch (JacksonException e) {
            return NOT_ONE;
        }
        if (!json.path("format").asString("").equals(FORMAT)) {
            return NOT_ONE;
        }
        int version = json.path("version").asInt(0);
        return version == VERSION ? null : "has version " + version + " of the format, this program reads " + VERSION;
    }

    /** Writes all of a further frame but its body. */
    static ByteBuf begin(ByteBuf into, byte kind, long nanos, int bodyBytes) {
        FRAMES.writeHeader(into, HEADER + (long) bodyBytes);
        return into.writeByte(kind).writeLongLE(nanos);
    }
}
