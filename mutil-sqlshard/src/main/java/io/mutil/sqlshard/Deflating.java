package io.mutil.sqlshard;

import java.util.Arrays;
import java.util.zip.Deflater;

/** A deflater with its buffer, used again and again: a new one costs as much as a small value. */
final class Deflating {
    private static final int LARGEST_KEPT = 1 << 20;
    private static final Spare<Deflating> SPARE = new Spare<>(Deflating::new);

    private final Deflater deflater = new Deflater(1);
    private byte[] buffer = new byte[1 << 10];

    interface Use {
        byte[] with(Deflating deflating);
    }

    private Deflating() {}

    static byte[] run(Use use) {
        Deflating one = SPARE.take();
        try {
            return use.with(one);
        } finally {
            one.release();
        }
    }

    private void release() {
        // which also lets go of the input
        deflater.reset();
        if (buffer.length > LARGEST_KEPT || !SPARE.keep(this)) {
            deflater.end();
        }
    }

    /** A zlib stream, after the tag if there is one. */
    byte[] deflate(byte[] payload, int level, int tag) {
        int length = 0;
        if (tag != RowBytes.NO_TAG) {
            buffer[length++] = (byte) tag;
        }
        deflater.setLevel(level);
        deflater.setInput(payload);
        deflater.finish();
        while (!deflater.finished()) {
            length += deflater.deflate(buffer, length, buffer.length - length);
            if (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, grown(length));
            }
        }
        return Arrays.copyOf(buffer, length);
    }

    private static int grown(int length) {
        if (length >= Inflating.LARGEST) {
            throw new IllegalArgumentException("value exceeds 1 GiB; store it in parts");
        }
        return length << 1;
    }
}
