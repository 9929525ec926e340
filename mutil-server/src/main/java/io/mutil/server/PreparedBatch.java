package io.mutil.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import java.util.Objects;

/**
 * Several text or binary messages, each encoded once, any run of which is sent on many connections of a server as one
 * write and without a copy.
 *
 * <p>The sister of {@link PreparedMessage} for whoever has many small messages at a time: their frames lie one behind the
 * other in one direct buffer, and messages that are neighbours cost a connection no more than one does. First messages
 * are added, which get the indices 0, 1, 2 and so on; then runs of them are offered with
 * {@link WebSocket#offer(PreparedBatch, int, int)}. The first offer ends the adding.
 *
 * <p>It is counted like a Netty buffer: the maker has one reference and releases it once, when it has offered the batch to
 * all its connections. What is queued has references of its own. A client connection has to mask what it sends; there
 * each message is copied into an ordinary frame.
 *
 * <p>Filled by one thread; then immutable, and safe for many threads once it was handed to them safely.
 *
 * <pre>{@code
 * PreparedBatch ticks = new PreparedBatch(ByteBufAllocator.DEFAULT, 4096);
 * try {
 *     for (byte[] json : news) {
 *         ticks.addText(json, 0, json.length);
 *     }
 *     for (WebSocket socket : server.connections()) {
 *         socket.offer(ticks, 0, ticks.size());
 *         socket.flush();
 *     }
 * } finally {
 *     ticks.release();
 * }
 * }</pre>
 */
public final class PreparedBatch {
    private static final int FIRST_MESSAGES = 16;

    private final ByteBuf frames;
    // what lies before each message, and behind the last: bytes of frames, and bytes of payloads
    private int[] frameBytes = new int[FIRST_MESSAGES + 1];
    private int[] payloadBytes = new int[FIRST_MESSAGES + 1];
    private int size;
    private volatile boolean offered;

    /**
     * Makes an empty batch.
     *
     * @param initialBytes room for frames at first, in bytes, at least 1; it doubles as often as need be
     */
    public PreparedBatch(ByteBufAllocator allocator, int initialBytes) {
        if (initialBytes < 1) {
            throw new IllegalArgumentException("initialBytes must be positive, was " + initialBytes);
        }
        frames = allocator.directBuffer(initialBytes);
    }

    /**
     * Adds a text message; its bytes are copied.
     *
     * @param bytes must be UTF-8 in the range given
     * @return the index of the message
     * @throws IllegalStateException if the batch has been offered
     */
    public int addText(byte[] bytes, int offset, int length) {
        return add(PreparedMessage.TEXT, bytes, offset, length);
    }

    /**
     * Adds the readable bytes as a text message; they are copied, and the indices of the buffer stay.
     *
     * @param payload must be UTF-8
     * @return the index of the message
     * @throws IllegalStateException if the batch has been offered
     */
    public int addText(ByteBuf payload) {
        return add(PreparedMessage.TEXT, payload);
    }

    /** Adds a binary message, as {@link #addText(byte[], int, int)} does. */
    public int addBinary(byte[] bytes, int offset, int length) {
        return add(PreparedMessage.BINARY, bytes, offset, length);
    }

    /** Adds the readable bytes as a binary message, as {@link #addText(ByteBuf)} does. */
    public int addBinary(ByteBuf payload) {
        return add(PreparedMessage.BINARY, payload);
    }

    /**
     * Adds messages of another batch, from one index to before another, as they are: for a connection that gets some here and
     * some there, and one write for all.
     *
     * @throws IndexOutOfBoundsException if the other batch has no such messages
     * @throws IllegalStateException if this batch has been offered
     */
    public void addAll(PreparedBatch other, int from, int to) {
        Objects.checkFromToIndex(from, to, other.size);
        int length = other.frameBytes(from, to);
        int start = reserve(0, length);
        frames.setBytes(start, other.frames, other.frameBytes[from], length);
        frames.writerIndex(start + length);
        for (int i = from; i < to; i++) {
            count(frameBytes[size] + other.frameBytes(i, i + 1), other.payloadBytes(i, i + 1));
        }
    }

    private int add(int firstByte, byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int start = reserve(PreparedMessage.headerBytes(length), length);
        frames.setBytes(start, bytes, offset, length);
        return finish(firstByte, start, length);
    }

    private int add(int firstByte, ByteBuf payload) {
        int length = payload.readableBytes();
        int start = reserve(PreparedMessage.headerBytes(length), length);
        frames.setBytes(start, payload, payload.readerIndex(), length);
        return finish(firstByte, start, length);
    }

    /** Makes room; gives where what is behind the header begins. Nothing has changed for those that look meanwhile. */
    private int reserve(int header, int length) {
        if (offered) {
            throw new IllegalStateException("the batch has been offered and cannot grow any more; begin another one");
        }
        long end = frames.writerIndex() + header + (long) length;
        if (end > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a message of " + length + " bytes does not fit behind "
                    + frames.writerIndex() + " others, a batch has at most 2 GiB; begin another one");
        }
        if (end > frames.capacity()) {
            // by itself the buffer would grow in steps of 4 MiB from there on
            frames.capacity((int) Math.min(Integer.MAX_VALUE, Math.max(end, 2L * frames.capacity())));
        }
        return (int) end - length;
    }

    private int finish(int firstByte, int start, int payload) {
        PreparedMessage.putHeader(frames, start, firstByte, payload);
        frames.writerIndex(start + payload);
        return count(frames.writerIndex(), payload);
    }

    private int count(int end, int payload) {
        int index = size++;
        if (size == frameBytes.length) {
            frameBytes = Arrays.copyOf(frameBytes, 2 * size);
            payloadBytes = Arrays.copyOf(payloadBytes, 2 * size);
        }
        frameBytes[size] = end;
        payloadBytes[size] = payloadBytes[index] + payload;
        return index;
    }

    /** How many messages there are. */
    public int size() {
        return size;
    }

    /** Bytes of all frames, with their headers. */
    public long bytes() {
        return frameBytes[size];
    }

    /**
     * Bytes of the frames from one index to before another, with their headers.
     *
     * @throws IndexOutOfBoundsException if there are no such messages
     */
    public int bytes(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return frameBytes(from, to);
    }

    /**
     * Length of the payload of a message in bytes.
     *
     * @throws IndexOutOfBoundsException if there is no such message
     */
    public int payloadBytes(int index) {
        return payloadBytes(Objects.checkIndex(index, size), index + 1);
    }

    int payloadBytes(int from, int to) {
        return payloadBytes[to] - payloadBytes[from];
    }

    int frameBytes(int from, int to) {
        return frameBytes[to] - frameBytes[from];
    }

    boolean isText(int index) {
        return (frames.getByte(frameBytes[index]) & 0xFF) == PreparedMessage.TEXT;
    }

    /** From now on nothing is added: a buffer that grows moves from under those that send it. */
    void endAdding() {
        if (!offered) {
            offered = true;
        }
    }

    /**
     * The frames of a run, with a reference of their own. Nothing can be written behind them, as TLS does with what comes
     * next: that memory is shared.
     */
    ByteBuf retainedRun(int from, int to) {
        return frames.retainedSlice(frameBytes[from], frameBytes(from, to));
    }

    /** The payload of one message, with a reference of its own. */
    ByteBuf retainedPayload(int index) {
        int length = payloadBytes(index, index + 1);
        return frames.retainedSlice(frameBytes[index + 1] - length, length);
    }

    /** References that are held, by the maker and by queues; zero when the buffer is gone. */
    public int refCnt() {
        return frames.refCnt();
    }

    /**
     * Adds a reference, to be released like the first.
     *
     * @throws io.netty.util.IllegalReferenceCountException if the buffer is gone
     */
    public PreparedBatch retain() {
        frames.retain();
        return this;
    }

    /**
     * Gives up a reference.
     *
     * @return true if it was the last
     * @throws io.netty.util.IllegalReferenceCountException if the buffer is gone
     */
    public boolean release() {
        return frames.release();
    }

    @Override
    public String toString() {
        return "PreparedBatch[" + size + " messages, " + bytes() + " bytes]";
    }
}
