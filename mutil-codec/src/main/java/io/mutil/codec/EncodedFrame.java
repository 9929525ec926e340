package io.mutil.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.DefaultByteBufHolder;

/**
 * A frame with its header, ready for any number of connections of the same header width.
 *
 * <p>For programs with Netty pipelines of their own that speak these frames. Made by {@link FrameFormat#encode}. The content is header and payload. Writing takes one reference and moves the
 * reader index, so each connection gets a {@link #retainedDuplicate()}, which may be made and written on any thread.
 */
public final class EncodedFrame extends DefaultByteBufHolder {
    /**
     * Up to here a payload is copied behind its header: 16 KiB cost about a microsecond, no more than a second entry in
     * the outbound queue and in the gathering write; beyond it the copy costs more and grows.
     */
    static final int COPY_UP_TO = 16 << 10;

    private final int headerBytes;
    private final int payloadBytes;

    private EncodedFrame(int headerBytes, ByteBuf content) {
        super(content);
        this.headerBytes = headerBytes;
        this.payloadBytes = content.readableBytes() - headerBytes;
    }

    static EncodedFrame of(FrameFormat format, ByteBufAllocator alloc, ByteBuf payload) {
        try {
            int length = payload.readableBytes();
            format.requireFits(length);
            // Every connection would copy a heap payload on its own, so it is copied here once.
            ByteBuf content = length <= COPY_UP_TO || !payload.isDirect()
                    ? joined(format, alloc, payload)
                    : gathered(format, alloc, payload);
            return new EncodedFrame(format.headerBytes(), content);
        } finally {
            payload.release();
        }
    }

    /** Header and payload in one direct buffer; the payload keeps its reference. */
    static ByteBuf joined(FrameFormat format, ByteBufAllocator alloc, ByteBuf payload) {
        int length = payload.readableBytes();
        ByteBuf frame = alloc.directBuffer(Math.addExact(format.headerBytes(), length));
        LengthHeader.write(frame, format.headerBytes(), length);
        return frame.writeBytes(payload, payload.readerIndex(), length);
    }

    private static ByteBuf gathered(FrameFormat format, ByteBufAllocator alloc, ByteBuf payload) {
        ByteBuf header = header(format, alloc, payload.readableBytes());
        return alloc.compositeDirectBuffer(2).addComponents(true, header, payload.retain());
    }

    static ByteBuf header(FrameFormat format, ByteBufAllocator alloc, long length) {
        ByteBuf header = alloc.directBuffer(format.headerBytes());
        LengthHeader.write(header, format.headerBytes(), length);
        return header;
    }

    /** The width of the header in bytes. */
    public int headerBytes() {
        return headerBytes;
    }

    /** The length of the payload in bytes. */
    public int payloadBytes() {
        return payloadBytes;
    }

    /** False once a connection has taken bytes from this very object instead of a duplicate. */
    boolean isWhole() {
        return payloadBytes >= 0 && content().readableBytes() == headerBytes + payloadBytes;
    }

    @Override
    public EncodedFrame copy() {
        return (EncodedFrame) super.copy();
    }

    @Override
    public EncodedFrame duplicate() {
        return (EncodedFrame) super.duplicate();
    }

    /** The same bytes with reader index and reference of their own: what one connection is given. */
    @Override
    public EncodedFrame retainedDuplicate() {
        return (EncodedFrame) super.retainedDuplicate();
    }

    @Override
    public EncodedFrame replace(ByteBuf content) {
        return new EncodedFrame(headerBytes, content);
    }

    @Override
    public EncodedFrame retain() {
        super.retain();
        return this;
    }

    @Override
    public EncodedFrame retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public EncodedFrame touch() {
        super.touch();
        return this;
    }

    @Override
    public EncodedFrame touch(Object hint) {
        super.touch(hint);
        return this;
    }

    @Override
    public String toString() {
        return "EncodedFrame[headerBytes=" + headerBytes + ", " + contentToString() + "]";
    }
}
