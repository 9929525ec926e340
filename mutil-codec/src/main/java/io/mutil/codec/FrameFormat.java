package io.mutil.codec;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;

/**
 * How a stream of bytes is cut into frames: a header with the payload's length, unsigned and little-endian, then the
 * payload.
 *
 * <p>Both ends must use the same header width. Zero length is an ordinary frame. The limit counts payload bytes, header
 * excluded, and holds for what is sent as well as for what is received.
 *
 * <p>Pipes and connections are given a format and do the rest. The handlers and {@link EncodedFrame} are for programs with
 * Netty pipelines of their own that speak these frames.
 *
 * <p>Immutable and safe for many threads; the handlers that it makes belong to one channel each.
 *
 * <pre>{@code
 * FrameFormat format = FrameFormat.littleEndian(4).maxBytes(16 << 20);
 * pipeline.addLast(format.newDecoder(), format.newEncoder());
 * EncodedFrame shared = format.encode(alloc, payload);
 * for (Channel channel : channels) {
 *     channel.writeAndFlush(shared.retainedDuplicate());
 * }
 * shared.release();
 * }</pre>
 */
public final class FrameFormat {
    private static final long DEFAULT_MAX_BYTES = 16L << 20;

    private final int headerBytes;
    private final long maxBytes;

    private FrameFormat(int headerBytes, long maxBytes) {
        this.headerBytes = headerBytes;
        this.maxBytes = maxBytes;
    }

    /**
     * Frames whose header has the given width, with a limit of 16 MiB.
     *
     * @param headerBytes 1 to 10; from 8 on, the header holds any length up to 2^63-1
     * @throws IllegalArgumentException if the width is out of range
     */
    public static FrameFormat littleEndian(int headerBytes) {
        if (headerBytes < 1 || headerBytes > LengthHeader.MAX_WIDTH) {
            throw new IllegalArgumentException("headerBytes must be from 1 to 10, was " + headerBytes);
        }
        return new FrameFormat(headerBytes, DEFAULT_MAX_BYTES);
    }

    /**
     * The same format with another limit. Default 16 MiB; a longer frame ends the connection that announces it.
     *
     * @param bytes the longest payload, at least 1; more than the header can express is no error and no use
     * @throws IllegalArgumentException if {@code bytes} is not positive
     */
    public FrameFormat maxBytes(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("maxBytes must be positive, was " + bytes);
        }
        return new FrameFormat(headerBytes, bytes);
    }

    /** The width of the header in bytes, 1 to 10. */
    public int headerBytes() {
        return headerBytes;
    }

    /** The longest payload in bytes, as configured. */
    public long maxBytes() {
        return maxBytes;
    }

    /**
     * Makes a handler that turns the bytes of one channel into one {@link ByteBuf} a frame, however they are split.
     *
     * <p>A frame that lies within one read is a slice of it; a frame spread over several reads is gathered in a buffer
     * that grows with what has arrived. The receiver releases each frame. One buffer holds at most 2^31-1 bytes: a
     * longer frame is refused even if {@link #maxBytes()} allows it.
     *
     * <p>A header beyond the limit fires {@link FrameTooLargeException} before anything is buffered, an end of the stream inside a
     * frame {@link TruncatedFrameException}. Either closes the channel, and nothing that arrives afterwards is
     * delivered. With {@code autoRead} off, one {@code read()} goes on until at least one frame is delivered.
     *
     * <p>Removed from inside a frame's {@code channelRead}, the handler passes on the bytes behind that frame as they
     * are; a frame of which only a part has arrived is dropped.
     */
    public ChannelHandler newDecoder() {
        return new FrameDecoder(this, Long.MAX_VALUE);
    }

    /**
     * Makes a decoder that delivers long frames piece by piece, so that a frame may be larger than memory.
     *
     * <p>A longer frame arrives as {@link FrameStart}, {@link FrameChunk}s that together hold its bytes, and
     * {@link FrameEnd}; a piece is whatever one read brought. Turn {@code autoRead} off and call {@code read()} when the
     * pieces are dealt with, and the sender waits. Everything else is as with {@link #newDecoder()}.
     *
     * @param wholeUpTo the longest payload in bytes that still arrives as one buffer; 0 leaves only empty frames whole
     * @throws IllegalArgumentException if {@code wholeUpTo} is negative or more than 2^31-1
     */
    public ChannelHandler newStreamingDecoder(long wholeUpTo) {
        if (wholeUpTo < 0 || wholeUpTo > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("wholeUpTo must be from 0 to 2147483647, was " + wholeUpTo);
        }
        return new FrameDecoder(this, wholeUpTo);
    }

    /**
     * Makes a handler that turns what is written to one channel into frames.
     *
     * <p>A {@link ByteBuf} is one payload; an {@link EncodedFrame} passes as it is; {@link FrameStart},
     * {@link FrameChunk}s and {@link FrameEnd} make one frame together; other messages pass. Up to 16 KiB, header and
     * payload leave in one direct buffer; a longer payload is not copied.
     *
     * <p>A frame that is too long fails its write with {@link FrameTooLargeException}, events out of order with
     * {@link IllegalStateException}; nothing of such a message is sent and it is released. If the peer could then take
     * other bytes for the rest of a frame, the channel is closed too: after too many bytes, after an early
     * {@link FrameEnd}, and after a failed part of a frame. A write that has begun cannot be cancelled.
     */
    public ChannelHandler newEncoder() {
        return new FrameEncoder(this);
    }

    /**
     * Encodes a payload once for any number of connections that use this format.
     *
     * <p>Takes over the caller's reference to {@code payload}, also when it throws. A direct payload of more than 16 KiB is shared,
     * not copied, and must not change afterwards.
     *
     * @return a frame that the caller releases; write a {@link EncodedFrame#retainedDuplicate()} to each connection
     * @throws IllegalArgumentException if the payload is longer than {@link #maxBytes()} or than the header can express
     */
    public EncodedFrame encode(ByteBufAllocator alloc, ByteBuf payload) {
        return EncodedFrame.of(this, requireNonNull(alloc, "alloc"), payload);
    }

    /**
     * Checks that a payload of the given length may be sent.
     *
     * @throws IllegalArgumentException if the length is more than {@link #maxBytes()} or than the header can express
     */
    public void requireFits(long length) {
        if (!fits(length)) {
            throw new IllegalArgumentException(tooLarge(length).getMessage());
        }
    }

    /**
     * Reads the header at the reader index, if all of it is there.
     *
     * @return the length of the payload; -1 if bytes of the header are missing: then nothing was read
     * @throws FrameTooLargeException if the payload is longer than {@link #maxBytes()}; the header was read
     */
    public long readHeader(ByteBuf in) throws FrameTooLargeException {
        if (in.readableBytes() < headerBytes) {
            return -1;
        }
        long length = LengthHeader.read(in, headerBytes);
        if (length < 0) {
            throw FrameTooLargeException.beyondLong(maxBytes, headerBytes);
        }
        if (length > maxBytes) {
            throw FrameTooLargeException.received(length, maxBytes, headerBytes);
        }
        return length;
    }

    /**
     * Appends the header of a payload of the given length.
     *
     * @param length payload bytes, zero or more
     * @throws IllegalArgumentException if the length is negative, longer than {@link #maxBytes()} or more than the header
     *     can express; nothing is written
     */
    public void writeHeader(ByteBuf into, long length) {
        if (length < 0) {
            throw new IllegalArgumentException("length must not be negative, was " + length);
        }
        requireFits(length);
        LengthHeader.write(into, headerBytes, length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FrameFormat that && headerBytes == that.headerBytes && maxBytes == that.maxBytes;
    }

    @Override
    public int hashCode() {
        return 31 * headerBytes + Long.hashCode(maxBytes);
    }

    @Override
    public String toString() {
        return "FrameFormat[littleEndian, headerBytes=" + headerBytes + ", maxBytes=" + maxBytes + "]";
    }

    /** Whether a payload of this length may be sent. */
    boolean fits(long length) {
        return length <= maxBytes && length <= LengthHeader.max(headerBytes);
    }

    /** Why {@link #fits} said no. */
    FrameTooLargeException tooLarge(long length) {
        return length > LengthHeader.max(headerBytes)
                ? FrameTooLargeException.forHeader(length, headerBytes)
                : new FrameTooLargeException(length, maxBytes);
    }
}
