package io.mutil.bench.frames;

import java.util.stream.IntStream;

/** Frames of one length that are sent round and round; first and last byte tell which one it is. */
final class Frames {
    private static final int COUNT = 16;

    private final Frame[] frames;

    Frames(int length) {
        frames = IntStream.range(0, COUNT).mapToObj(n -> frame(n, length)).toArray(Frame[]::new);
    }

    private static Frame frame(int n, int length) {
        byte[] bytes = new byte[length];
        bytes[0] = first(n);
        bytes[length - 1] = last(n);
        return new Frame(bytes);
    }

    /** The frame to send when {@code n} have been sent. */
    Frame get(long n) {
        return frames[(int) n & (COUNT - 1)];
    }

    static byte first(long n) {
        return (byte) (n & (COUNT - 1));
    }

    static byte last(long n) {
        return (byte) ~first(n);
    }
}
