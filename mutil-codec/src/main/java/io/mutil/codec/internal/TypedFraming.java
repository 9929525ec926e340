package io.mutil.codec.internal;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.FrameTooLargeException;
import io.netty.buffer.ByteBuf;

/** A length, a kind and a payload. */
final class TypedFraming implements Framing {
    private final FrameFormat payloads;
    private final FrameFormat wire;

    TypedFraming(FrameFormat payloads) {
        this.payloads = payloads;
        this.wire = payloads.maxBytes(Math.max(payloads.maxBytes(), payloads.maxBytes() + 1));
    }

    @Override
    public int maxHeaderBytes() {
        return wire.headerBytes() + 1;
    }

    @Override
    public boolean typed() {
        return true;
    }

    @Override
    public void check(long length) {
        payloads.requireFits(length);
        wire.requireFits(length + 1);
    }

    @Override
    public void writeHeader(ByteBuf into, int kind, long length) {
        wire.writeHeader(into, length + 1);
        into.writeByte(kind);
    }

    @Override
    public long readHeader(ByteBuf in) throws FrameTooLargeException {
        try {
            return wire.readHeader(in);
        } catch (FrameTooLargeException e) {
            boolean known = e.announced() < Long.MAX_VALUE;
            throw new FrameTooLargeException(e.announced() - (known ? 1 : 0), payloads.maxBytes());
        }
    }

    @Override
    public String toString() {
        return "typed " + payloads;
    }
}
