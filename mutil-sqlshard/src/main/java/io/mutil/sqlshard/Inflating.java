package io.mutil.sqlshard;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** An inflater with its buffer, used again and again. */
final class Inflating {
    static final int LARGEST = 1 << 30;

    private static final int LARGEST_KEPT = 1 << 20;
    private static final Spare<Inflating> SPARE = new Spare<>(Inflating::new);

    private final Inflater inflater = new Inflater();
    private byte[] buffer = new byte[1 << 12];
    private int length;

    interface Use<R> {
        R with(Inflating inflating) throws IOException;
    }

    private Inflating() {}

    static <R> R run(Use<R> use) throws IOException {
        Inflating one = SPARE.take();
        try {
            return use.with(one);
        } finally {
            one.release();
        }
    }

    private void release() {
        // which also lets go of the input
        inflater.reset();
        if (buffer.length > LARGEST_KEPT || !SPARE.keep(this)) {
            inflater.end();
        }
    }

    /** The buffer that holds the payload, until this is used again. */
    byte[] inflate(byte[] row, int offset) throws IOException {
        inflater.setInput(row, offset, row.length - offset);
        length = 0;
        try {
            while (!inflater.finished()) {
                more(row);
            }
        } catch (DataFormatException e) {
            throw damaged(row, e);
        }
        return buffer;
    }

    int length() {
        return length;
    }

    private void more(byte[] row) throws IOException, DataFormatException {
        if (length == buffer.length) {
            buffer = Arrays.copyOf(buffer, grown());
        }
        int count = inflater.inflate(buffer, length, buffer.length - length);
        if (count == 0 && !inflater.finished()) {
            throw damaged(row, null);
        }
        length += count;
    }

    private int grown() throws IOException {
        if (length >= LARGEST) {
            throw new DamagedRowException("a row's value exceeds 1 GiB when inflated", null);
        }
        return length << 1;
    }

    private static IOException damaged(byte[] row, @Nullable Throwable cause) {
        return new DamagedRowException("a row of " + row.length + " bytes is no whole zlib stream", cause);
    }
}
