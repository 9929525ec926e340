package io.mutil.dataflow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/** Payloads of frames. */
record FrameWire(ByteBufAllocator allocator) implements Wire<ByteBuf> {
    @Override
    public ByteBuf encode(Consumer<ByteBuf> writer) {
        ByteBuf payload = allocator.directBuffer();
        try {
            writer.accept(payload);
            return payload;
        } catch (Throwable e) {
            payload.release();
            throw e;
        }
    }

    @Override
    public void retain(ByteBuf message) {
        message.retain();
    }

    @Override
    public void release(ByteBuf message) {
        message.release();
    }
}
