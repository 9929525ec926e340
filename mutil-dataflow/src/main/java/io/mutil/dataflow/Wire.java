package io.mutil.dataflow;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * How the messages of an egress are made. They are counted like Netty buffers.
 *
 * @param <M> messages
 */
interface Wire<M> {
    /** Makes a message of what the writer appends. */
    M encode(Consumer<ByteBuf> writer);

    void retain(M message);

    void release(M message);
}
