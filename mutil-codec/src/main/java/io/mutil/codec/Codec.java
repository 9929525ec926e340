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
     * Bytes as they are: a payload is one value, and an array is not possible. Safe for many threads.
     *
     * <pre>{@code
     * MessageStream<byte[]> raw = stream.as(Codec.bytes());
     * }</pre>
     */
    static Codec<byte[]> bytes() {
        return BytesCodec.INSTANCE;
    }

    /**
     * Whether payloads are UTF-8 text in which an array of values can be told from one value, as in JSON. Text travels in
     * text messages where a transport has them, anything else in binary ones, one value each. Default: true.
     */
    default boolean isText() {
        return true;
    }

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
