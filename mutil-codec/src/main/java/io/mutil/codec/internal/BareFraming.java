package io.mutil.codec.internal;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.FrameTooLargeException;
import io.netty.buffer.ByteBuf;

/** A length and a payload. */
record BareFraming(FrameFormat format) implements Framing {
    @Override
    public int maxHeaderBytes() {
        return format.headerBytes();
    }

    @Override
    public boolean typed() {
        return false;
    }

    @Override
    public void check(long length) {
        format.requireFits(length);
    }

    @Override
    public void writeHeader(ByteBuf into, int kind, long length) {
        if (kind != DATA) {
            throw new IllegalArgumentException("frames have no kind here, was " + kind);
        }
        format.writeHeader(into, length);
    }

    @Override
    public long readHeader(ByteBuf in) throws FrameTooLargeException {
        return format.readHeader(in);
    }
}
