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
    private final @Nullable ByteBuffer target;

    /** @param target where the bytes go; null for a buffer of their own */
    FrameParts(int length, @Nullable ByteBuffer target) {
        this.length = length;
        this.target = target;
    }

    /** Takes over the caller's reference. */
    void add(ByteBuf part) {
        parts.add(part);
    }

    /** The target with the bytes put into it, or a buffer that holds nothing else. The parts are released. */
    @Override
    public ByteBuffer get() {
        try {
            ByteBuffer bytes = target == null ? ByteBuffer.allocate(length) : target;
            for (ByteBuf part : parts) {
                put(part, bytes);
            }
            return target == null ? bytes.flip() : bytes;
        } finally {
            parts.forEach(ByteBuf::release);
        }
    }

    /** Puts all of a part into a buffer that has room for it. */
    static void put(ByteBuf part, ByteBuffer into) {
        int end = into.limit();
        part.readBytes(into.limit(into.position() + part.readableBytes()));
        into.limit(end);
    }
}
