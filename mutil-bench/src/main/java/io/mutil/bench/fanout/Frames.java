package io.mutil.bench.fanout;

import io.netty.buffer.ByteBuf;

/** Headers of text frames, as the driver writes them itself. */
final class Frames {
    /** Of a frame that a server sends, up to 64 KiB. */
    static final int SERVER_HEADER = 4;

    private static final int TEXT = 0x81;
    private static final int PONG = 0x8A;
    private static final int MASKED = 0x80;
    private static final int SHORTEST_LONG = 126;

    private Frames() {}

    /** A mask of zeros changes nothing, so that the payload need not be touched. */
    static void textHeader(ByteBuf out, int payload, boolean masked) {
        header(out, TEXT, payload, masked);
    }

    static void pong(ByteBuf out, byte[] bytes, int from, int length) {
        header(out, PONG, length, true);
        out.writeBytes(bytes, from, length);
    }

    private static void header(ByteBuf out, int first, int payload, boolean masked) {
        int mask = masked ? MASKED : 0;
        out.writeByte(first);
        if (payload < SHORTEST_LONG) {
            out.writeByte(mask | payload);
        } else {
            out.writeByte(mask | SHORTEST_LONG).writeShort(payload);
        }
        if (masked) {
            out.writeInt(0);
        }
    }
}
