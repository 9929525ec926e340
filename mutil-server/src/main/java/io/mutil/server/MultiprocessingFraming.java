package io.mutil.server;

import io.mutil.codec.FrameTooLargeException;
import io.mutil.codec.internal.Framing;
import io.netty.buffer.ByteBuf;

/**
 * Messages of CPython's {@code multiprocessing.connection}: a big-endian signed length of 32 bits, or -1 and an unsigned one
 * of 64 bits for what is longer than 2^31-1 bytes, then the payload.
 */
record MultiprocessingFraming(long maxBytes) implements Framing {
    private static final int WIDE = -1;

    @Override
    public int maxHeaderBytes() {
        return Integer.BYTES + Long.BYTES;
    }

    @Override
    public boolean typed() {
        return false;
    }

    @Override
    public void check(long length) {
        if (length < 0) {
            throw new IllegalArgumentException("length must not be negative, was " + length);
        }
        if (length > maxBytes) {
            throw new IllegalArgumentException(new FrameTooLargeException(length, maxBytes).getMessage());
        }
    }

    @Override
    public void writeHeader(ByteBuf into, int kind, long length) {
        if (kind != DATA) {
            throw new IllegalArgumentException("frames have no kind here, was " + kind);
        }
        check(length);
        if (length <= Integer.MAX_VALUE) {
            into.writeInt((int) length);
        } else {
            into.writeInt(WIDE).writeLong(length);
        }
    }

    @Override
    public long readHeader(ByteBuf in) throws FrameTooLargeException {
        if (in.readableBytes() < Integer.BYTES) {
            return -1;
        }
        int length = in.getInt(in.readerIndex());
        if (length != WIDE) {
            in.skipBytes(Integer.BYTES);
            return checked(length);
        }
        if (in.readableBytes() < maxHeaderBytes()) {
            return -1;
        }
        in.skipBytes(Integer.BYTES);
        return checked(in.readLong());
    }

    /** Refuses negative ones too: no length of 32 bits is, and one of 64 bits is then beyond 2^63-1. */
    private long checked(long length) throws FrameTooLargeException {
        if (length < 0 || length > maxBytes) {
            throw new FrameTooLargeException(length < 0 ? Long.MAX_VALUE : length, maxBytes);
        }
        return length;
    }
}
