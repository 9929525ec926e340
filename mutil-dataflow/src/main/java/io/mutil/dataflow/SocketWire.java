package io.mutil.dataflow;

import io.mutil.server.PreparedMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/** Messages for WebSockets. */
record SocketWire(ByteBufAllocator allocator, boolean text) implements Wire<PreparedMessage> {
    @Override
    public PreparedMessage encode(Consumer<ByteBuf> writer) {
        return text ? PreparedMessage.text(allocator, writer) : PreparedMessage.binary(allocator, writer);
    }

    @Override
    public void retain(PreparedMessage message) {
        message.retain();
    }

    @Override
    public void release(PreparedMessage message) {
        message.release();
    }
}
