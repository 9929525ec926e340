package io.mutil.s4lru;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * What happened to entries, as bytes: the blobs of the table {@code lru_journal}.
 *
 * <p>Each operation is a letter and what follows: {@code I} row, size, level, move, length of the key in bytes, key;
 * {@code M} row, size, level, move; {@code R} row. Numbers are unsigned, seven bits a byte, lowest first.
 */
final class Ops {
    /** After how many bytes another blob begins. */
    static final int BLOB = 1 << 20;

    private static final int MOST_FIXED = 1 + 10 + 10 + 1 + 10 + 5;

    private static final int LEAST = 4 << 10;
    private static final int KEPT = 64 << 10;

    private byte[] bytes = new byte[LEAST];
    private int length;

    void insert(long row, long size, int level, long move, String key) {
        byte[] text = key.getBytes(UTF_8);
        entry('I', row, size, level, move, text.length);
        number(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
    }

    void move(long row, long size, int level, long move) {
        entry('M', row, size, level, move, 0);
    }

    private void entry(char op, long row, long size, int level, long move, int more) {
        room(MOST_FIXED + more);
        bytes[length++] = (byte) op;
        number(row);
        number(size);
        bytes[length++] = (byte) level;
        number(move);
    }

    void remove(long row) {
        room(MOST_FIXED);
        bytes[length++] = 'R';
        number(row);
    }

    private void room(int wanted) {
        if (bytes.length - length < wanted) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + wanted));
        }
    }

    private void number(long value) {
        long left = value;
        for (; (left & ~0x7FL) != 0; left >>>= 7) {
            bytes[length++] = (byte) (left | 0x80);
        }
        bytes[length++] = (byte) left;
    }

    int length() {
        return length;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Lets go of what a busy time has taken. */
    void clear() {
        length = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[LEAST];
        }
    }

    /** Who is told what the bytes say. */
    interface Reader {
        void inserted(long row, long size, int level, long move, String key);

        void moved(long row, long size, int level, long move);

        void removed(long row);
    }

    /** Refuses bytes that are none of ours with an {@link IllegalArgumentException}. */
    static void read(byte[] ops, Reader reader) {
        new Parser(ops).read(reader);
    }

    private static final class Parser {
        private final byte[] bytes;
        private int at;

        Parser(byte[] bytes) {
            this.bytes = bytes;
        }

        void read(Reader reader) {
            try {
                while (at < bytes.length) {
                    one(bytes[at++], reader);
                }
            } catch (IndexOutOfBoundsException e) {
                throw new IllegalArgumentException("the journal ends inside an entry", e);
            }
        }

        private void one(byte op, Reader reader) {
            switch (op) {
                case 'I' -> reader.inserted(number(), number(), level(), number(), text());
                case 'M' -> reader.moved(number(), number(), level(), number());
                case 'R' -> reader.removed(number());
                default -> throw new IllegalArgumentException("the journal has an unknown entry " + op);
            }
        }

        private int level() {
            int level = bytes[at++];
            if (level < 0 || level >= Entries.MAX_LEVELS) {
                throw new IllegalArgumentException("the journal has a level " + level);
            }
            return level;
        }

        private String text() {
            int size = (int) number();
            var text = new String(bytes, at, size, UTF_8);
            at += size;
            return text;
        }

        private long number() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte b = bytes[at++];
                value |= (b & 0x7FL) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("the journal has a number of more than 64 bits");
        }
    }
}
