package io.mutil.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the frame tests share: bytes in, bytes out, and nothing left over. */
final class Frames {
    private Frames() {}

    static EmbeddedChannel decoding(FrameFormat format) {
        return new EmbeddedChannel(format.newDecoder());
    }

    static EmbeddedChannel encoding(FrameFormat format) {
        return new EmbeddedChannel(format.newEncoder());
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    /** A stream of frames with 4-byte headers. */
    static byte[] stream(String... payloads) {
        ByteBuf all = Unpooled.buffer();
        for (String payload : payloads) {
            all.writeIntLE(payload.length()).writeBytes(ascii(payload));
        }
        return bytes(all);
    }

    static byte[] bytes(ByteBuf buffer) {
        try {
            return ByteBufUtil.getBytes(buffer);
        } finally {
            buffer.release();
        }
    }

    static String text(ByteBuf buffer) {
        return new String(bytes(buffer), StandardCharsets.US_ASCII);
    }

    /** All that was written, in one piece. */
    static byte[] written(EmbeddedChannel channel) {
        CompositeByteBuf all = Unpooled.compositeBuffer();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.addComponent(true, next);
        }
        return bytes(all);
    }

    static @Nullable String text(EmbeddedChannel channel) {
        ByteBuf frame = channel.readInbound();
        return frame == null ? null : text(frame);
    }

    static List<String> texts(EmbeddedChannel channel) {
        List<String> all = new ArrayList<>();
        for (String next = text(channel); next != null; next = text(channel)) {
            all.add(next);
        }
        return all;
    }

    /** The errors that the channel has reported so far. */
    static @Nullable Throwable error(EmbeddedChannel channel) {
        try {
            channel.checkException();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }
}
