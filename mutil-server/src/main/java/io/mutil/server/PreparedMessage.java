package io.mutil.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/**
 * A text or binary message encoded once, to be sent on many connections of a server without a copy.
 *
 * <p>The payload and the header in front of it lie in one direct buffer. It is counted like a Netty buffer: the maker
 * has one reference and releases it once, when it has handed the message to all its connections.
 * {@link WebSocket#offer(PreparedMessage)} and {@link WebSocket#sendAsync(PreparedMessage)} take references of their own and do not
 * touch the caller's. A client connection has to mask what it sends; there the payload is copied into an ordinary frame.
 *
 * <p>Immutable once made; safe for many threads.
 *
 * <pre>{@code
 * PreparedMessage tick = PreparedMessage.text(
 *         ByteBufAllocator.DEFAULT, buffer -> buffer.writeCharSequence("{\"price\":101.25}", StandardCharsets.UTF_8));
 * try {
 *     for (WebSocket socket : server.connections()) {
 *         socket.offer(tick);
 *         socket.flush();
 *     }
 * } finally {
 *     tick.release();
 * }
 * }</pre>
 */
public final class PreparedMessage {
    private static final int MAX_HEADER = 10;
    static final int TEXT = 0x81;
    static final int BINARY = 0x82;

    private final ByteBuf frame;
    private final boolean text;
    private final int payloadBytes;

    private PreparedMessage(ByteBuf frame, boolean text, int payloadBytes) {
        this.frame = frame;
        this.text = text;
        this.payloadBytes = payloadBytes;
    }

    /**
     * Makes a text message.
     *
     * @param writer appends the payload, which must be UTF-8, to the buffer it is given, and keeps no reference to it
     */
    public static PreparedMessage text(ByteBufAllocator allocator, Consumer<ByteBuf> writer) {
        return encode(allocator, writer, true);
    }

    /**
     * Makes a binary message.
     *
     * @param writer appends the payload to the buffer it is given, and keeps no reference to it
     */
    public static PreparedMessage binary(ByteBufAllocator allocator, Consumer<ByteBuf> writer) {
        return encode(allocator, writer, false);
    }

    private static PreparedMessage encode(ByteBufAllocator allocator, Consumer<ByteBuf> writer, boolean text) {
        ByteBuf buffer = allocator.directBuffer();
        try {
            buffer.setIndex(MAX_HEADER, MAX_HEADER);
            writer.accept(buffer);
            if (buffer.writerIndex() < MAX_HEADER) {
                throw new IllegalArgumentException(
                        "the writer moved the start of the buffer; it may only append to what it is given");
            }
            int payload = buffer.writerIndex() - MAX_HEADER;
            buffer.readerIndex(putHeader(buffer, MAX_HEADER, text ? TEXT : BINARY, payload));
            return new PreparedMessage(buffer, text, payload);
        } catch (Throwable e) {
            buffer.release();
            throw e;
        }
    }

    /** Puts the header in front of a payload; gives where it begins. */
    static int putHeader(ByteBuf buffer, int payloadStart, int firstByte, int payload) {
        int start = payloadStart - headerBytes(payload);
        buffer.setByte(start, firstByte);
        if (payload <= 125) {
            buffer.setByte(start + 1, payload);
        } else if (payload <= 0xFFFF) {
            buffer.setByte(start + 1, 126);
            buffer.setShort(start + 2, payload);
        } else {
            buffer.setByte(start + 1, 127);
            buffer.setLong(start + 2, payload);
        }
        return start;
    }

    /** Length of an unmasked header; RFC 6455, section 5.2. */
    static int headerBytes(int payload) {
        return payload <= 125 ? 2 : payload <= 0xFFFF ? 4 : 10;
    }

    /**
     * The whole frame, with a reference of its own and indices of its own. Nothing can be written behind it, as TLS does
     * with what comes next: that memory is shared.
     */
    ByteBuf retainedFrame() {
        return frame.retainedSlice();
    }

    /** The payload alone, with a reference of its own. */
    ByteBuf retainedPayload() {
        return frame.retainedSlice(MAX_HEADER, payloadBytes);
    }

    /** True for text, false for binary. */
    public boolean isText() {
        return text;
    }

    /** Length of the payload in bytes. */
    public int payloadBytes() {
        return payloadBytes;
    }

    /** References that are held, by the maker and by queues; zero when the buffer is gone. */
    public int refCnt() {
        return frame.refCnt();
    }

    /**
     * Adds a reference, to be released like the first.
     *
     * @throws io.netty.util.IllegalReferenceCountException if the buffer is gone
     */
    public PreparedMessage retain() {
        frame.retain();
        return this;
    }

    /**
     * Gives up a reference.
     *
     * @return true if it was the last
     * @throws io.netty.util.IllegalReferenceCountException if the buffer is gone
     */
    public boolean release() {
        return frame.release();
    }

    @Override
    public String toString() {
        return "PreparedMessage[" + (text ? "text" : "binary") + ", " + payloadBytes + " bytes]";
    }
}
