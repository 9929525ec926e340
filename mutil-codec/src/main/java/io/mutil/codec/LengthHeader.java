package io.mutil.codec;

import io.netty.buffer.ByteBuf;

/** Unsigned little-endian lengths of 1 to 10 bytes. */
final class LengthHeader {
    static final int MAX_WIDTH = 10;

    private LengthHeader() {}

    /** The largest length that a header of this width holds, as far as a {@code long} goes. */
    static long max(int width) {
        return width >= Long.BYTES ? Long.MAX_VALUE : (1L << (Byte.SIZE * width)) - 1;
    }

    static void write(ByteBuf into, int width, long length) {
        into.ensureWritable(width);
        switch (width) {
            case 4 -> into.writeIntLE((int) length);
            case 8 -> into.writeLongLE(length);
            default -> writeBytes(into, width, length);
        }
    }

    private static void writeBytes(ByteBuf into, int width, long length) {
        for (int i = 0; i < width; i++) {
            into.writeByte(i < Long.BYTES ? (int) (length >>> (Byte.SIZE * i)) : 0);
        }
    }

    /**
     * Reads a header that is there as a whole.
     *
     * @return the length, or a negative number if it is more than 2^63-1
     */
    static long read(ByteBuf in, int width) {
        return switch (width) {
            case 1 -> in.readUnsignedByte();
            case 2 -> in.readUnsignedShortLE();
            case 4 -> in.readUnsignedIntLE();
            case 8 -> in.readLongLE();
            default -> readBytes(in, width);
        };
    }

    private static long readBytes(ByteBuf in, int width) {
        long length = 0;
        long beyond = 0;
        for (int i = 0; i < width; i++) {
            long next = in.readUnsignedByte();
            if (i < Long.BYTES) {
                length |= next << (Byte.SIZE * i);
            } else {
                beyond |= next;
            }
        }
        return beyond == 0 ? length : -1;
    }
}
