package io.mutil.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Writes consecutive numbers as JSON arrays, cheaply, because the feed's work is part of what is measured. */
final class NumberArray {
    private static final int MAX_DIGITS = 19;

    private final int count;
    private final byte[] text;

    NumberArray(int count) {
        this.count = count;
        this.text = new byte[count * (MAX_DIGITS + 1) + 1];
    }

    /** The array of the next {@code count} numbers from a positive one on. */
    String from(long first) {
        int end = text.length;
        for (int i = count - 1; i >= 0; i--) {
            text[--end] = (byte) (i == count - 1 ? ']' : ',');
            end = prepend(first + i, end);
        }
        text[--end] = '[';
        return new String(text, end, text.length - end, ISO_8859_1);
    }

    private int prepend(long number, int end) {
        int at = end;
        for (long rest = number; rest > 0; rest /= 10) {
            text[--at] = (byte) ('0' + rest % 10);
        }
        return at;
    }
}
