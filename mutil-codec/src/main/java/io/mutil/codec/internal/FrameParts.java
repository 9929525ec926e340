package io.mutil.codec.internal;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A payload as parts of the buffers in which it arrived, until it is copied, once. */
final class FrameParts implements Supplier<@Nullable ByteBuffer> {
    private final List<ByteBuf> parts = new ArrayList<>(2);
    private final int length;

    FrameParts(int length) {
        this.length = length;
    }

    /** Takes over the caller's reference. */
    void add(ByteBuf part) {
        parts.add(part);
    }

    /** The bytes, as a buffer that is the caller's. The parts are released. */
    @Override
    public ByteBuffer get() {
        try {
            byte[] bytes = new byte[length];
            int at = 0;
            for (ByteBuf part : parts) {
                int count = part.readableBytes();
                part.readBytes(bytes, at, count);
                at += count;
            }
            return ByteBuffer.wrap(bytes);
        } finally {
            parts.forEach(ByteBuf::release);
        }
    }
}
