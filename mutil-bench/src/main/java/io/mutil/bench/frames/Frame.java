package io.mutil.bench.frames;

import java.nio.ByteBuffer;

/** The same bytes in the two forms that interfaces take. Nobody changes them. */
final class Frame {
    private final ByteBuffer direct;
    private final byte[] bytes;

    Frame(byte[] bytes) {
        this.bytes = bytes;
        this.direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    }

    int length() {
        return bytes.length;
    }

    /** From the first byte to the last; for one thread, which may move the position. */
    ByteBuffer direct() {
        return direct.clear();
    }

    byte[] bytes() {
        return bytes;
    }
}
