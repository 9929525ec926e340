package io.mutil.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * Turns values into payloads and back.
 *
 * <p>Implementations are safe for many threads, and serialisable because topologies travel to other processes. They
 * neither retain nor release the buffers they are given.
 *
 * <pre>{@code
 * Codec<Long> longs = JsonCodec.of(Long.class);
 * ByteBuf payload = longs.encode(alloc, 42L);
 * long value = longs.decode(payload);
 * payload.release();
 * }</pre>
 *
 * @param <T> the values
 */
public interface Codec<T> extends Serializable {
    /**
     * Appends one value.
     *
     * @throws IllegalArgumentException if the value cannot be expressed; nothing is appended
     */
    void encode(T value, ByteBuf into);

    /**
     * Reads the one value that the readable bytes hold, up to their end. All of them count as read, also after an error.
     *
     * @throws MalformedPayloadException if they hold anything else
     */
    T decode(ByteBuf payload) throws IOException;

    /**
     * Encodes one value into a new buffer, which the caller releases.
     *
     * @throws IllegalArgumentException if the value cannot be expressed
     */
    default ByteBuf encode(ByteBufAllocator alloc, T value) {
        ByteBuf into = alloc.buffer();
        try {
            encode(value, into);
            return into;
        } catch (Throwable e) {
            into.release();
            throw e;
        }
    }

    /**
     * Appends several values as one array.
     *
     * @throws IllegalArgumentException if a value cannot be expressed; nothing is appended
     */
    void encodeAll(List<? extends T> items, ByteBuf into);

    /**
     * Reads the values that the readable bytes hold: one for each element of an array, and one for anything else. All of
     * the bytes count as read, also after an error.
     *
     * @return a new list, in order
     * @throws MalformedPayloadException if one of the values is malformed; the others are lost too
     */
    List<T> decodeAll(ByteBuf payload) throws IOException;
}
