package io.mutil.frame;

import java.io.PrintStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Characters on their way out: to a stream in large pieces that end with a line, or all of them to a string. */
final class Buffer {
    private static final int PIECE = 1 << 15;

    private final @Nullable PrintStream out;
    private char[] chars;
    private int length;

    /** @param out null to keep everything */
    Buffer(@Nullable PrintStream out) {
        this.out = out;
        chars = new char[256];
    }

    int length() {
        return length;
    }

    char charAt(int index) {
        return chars[index];
    }

    void clear() {
        length = 0;
    }

    /** Drops what came after so many characters. */
    void cut(int length) {
        this.length = length;
    }

    void add(char c) {
        room(1);
        chars[length++] = c;
    }

    void add(String text) {
        add(text, 0, text.length());
    }

    void add(String text, int from, int to) {
        room(to - from);
        text.getChars(from, to, chars, length);
        length += to - from;
    }

    void add(Buffer other, int from, int to) {
        room(to - from);
        System.arraycopy(other.chars, from, chars, length, to - from);
        length += to - from;
    }

    void fill(char c, int times) {
        if (times > 0) {
            room(times);
            Arrays.fill(chars, length, length + times, c);
            length += times;
        }
    }

    /** Puts blanks before what begins there. */
    void insert(int at, int blanks) {
        if (blanks > 0) {
            room(blanks);
            System.arraycopy(chars, at, chars, at + blanks, length - at);
            Arrays.fill(chars, at, at + blanks, ' ');
            length += blanks;
        }
    }

    /** A number that is not negative, with zeros before it, or a comma before every three digits. */
    void digits(long value, int least, boolean grouped) {
        int count = Math.max(least, Numbers.digits(value));
        int size = grouped ? count + (count - 1) / 3 : count;
        room(size);
        int at = length + size;
        long rest = value;
        for (int i = 0; i < count; i++) {
            if (grouped && i > 0 && i % 3 == 0) {
                chars[--at] = ',';
            }
            long next = rest / 10;
            chars[--at] = (char) ('0' + (rest - next * 10));
            rest = next;
        }
        length += size;
    }

    private void room(int more) {
        if (more > chars.length - length) {
            long wanted = (long) length + more;
            if (wanted > Integer.MAX_VALUE - 8) {
                throw new IllegalStateException("a text of more than 2^31 characters; print it to a stream instead");
            }
            chars = Arrays.copyOf(chars, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(wanted, 2L * chars.length)));
        }
    }

    /** Ends a line, and hands the lines on if there is a piece of them. */
    void endLine() {
        add('\n');
        if (length >= PIECE) {
            flush();
        }
    }

    void flush() {
        if (out != null && length > 0) {
            out.print(toString());
            length = 0;
        }
    }

    @Override
    public String toString() {
        return new String(chars, 0, length);
    }
}
