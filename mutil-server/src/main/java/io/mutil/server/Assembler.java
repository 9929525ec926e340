package io.mutil.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Puts the fragments of a message together.
 *
 * <p>Fragments are copied into one buffer. Keeping them as they come would let a peer hold far more memory than the
 * limit says, with many tiny fragments.
 */
final class Assembler {
    private final ByteBufAllocator allocator;
    private final int maxBytes;
    private @Nullable ByteBuf partial;

    Assembler(ByteBufAllocator allocator, int maxBytes) {
        this.allocator = allocator;
        this.maxBytes = maxBytes;
    }

    boolean isEmpty() {
        return partial == null;
    }

    /** Adds a copy of the fragment; false if the message would exceed the limit, and is dropped. */
    boolean add(ByteBuf fragment) {
        ByteBuf buffer = partial;
        if (fragment.readableBytes() > maxBytes - (buffer == null ? 0 : buffer.readableBytes())) {
            drop();
            return false;
        }
        if (buffer == null) {
            buffer = allocator.buffer(fragment.readableBytes(), maxBytes);
            partial = buffer;
        }
        buffer.writeBytes(fragment);
        return true;
    }

    /** The message so far, which the caller releases. */
    @Nullable
    ByteBuf take() {
        ByteBuf whole = partial;
        partial = null;
        return whole;
    }

    void drop() {
        ByteBuf lost = take();
        if (lost != null) {
            lost.release();
        }
    }
}
