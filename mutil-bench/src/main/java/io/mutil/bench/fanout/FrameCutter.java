package io.mutil.bench.fanout;

/**
 * Finds the frames of a server in a stream of bytes, in place; RFC 6455, section 5.2. It knows what the contestants send:
 * whole messages without mask, pings and closes.
 */
final class FrameCutter {
    private static final int WHOLE_TEXT = 0x81;
    private static final int WHOLE_BINARY = 0x82;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;

    private FrameCutter() {}

    /** Who gets what was found; nothing may be kept of the bytes. */
    interface Sink {
        void message(byte[] bytes, int from, int length);

        void ping(byte[] bytes, int from, int length);

        /** A close frame, or one that no contestant should send. */
        void end(int firstByte);
    }

    /** Returns where the first frame begins that is not complete. */
    static int cut(byte[] bytes, int from, int to, Sink sink) {
        int at = from;
        while (to - at >= 2) {
            int header = headerLength(bytes[at + 1]);
            if (to - at < header) {
                return at;
            }
            long length = payloadLength(bytes, at, header);
            if (to - at - header < length) {
                return at;
            }
            tell(sink, bytes, at, header, (int) length);
            at += header + (int) length;
        }
        return at;
    }

    private static int headerLength(byte second) {
        return second == 126 ? 4 : second == 127 ? 10 : 2;
    }

    private static long payloadLength(byte[] bytes, int at, int header) {
        if (header == 2) {
            return bytes[at + 1] & 0xFF;
        }
        long length = 0;
        for (int i = at + 2; i < at + header; i++) {
            length = (length << 8) | (bytes[i] & 0xFF);
        }
        return length;
    }

    private static void tell(Sink sink, byte[] bytes, int at, int header, int length) {
        int first = bytes[at] & 0xFF;
        switch (first) {
            case WHOLE_TEXT, WHOLE_BINARY -> sink.message(bytes, at + header, length);
            case PING -> sink.ping(bytes, at + header, length);
            case PONG -> {
                // answers nothing that was asked
            }
            default -> sink.end(first);
        }
    }
}
