package io.mutil.pipe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/** An allocator that is out of memory for buffers of some size. */
final class ShortOfMemory extends PooledByteBufAllocator {
    private final int from;

    /** @param from the smallest buffer that there is no memory for */
    ShortOfMemory(int from) {
        this.from = from;
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        if (initialCapacity >= from) {
            throw new OutOfMemoryError("no memory for " + initialCapacity + " bytes");
        }
        return super.newDirectBuffer(initialCapacity, maxCapacity);
    }
}
