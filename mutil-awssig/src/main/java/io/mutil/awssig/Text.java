package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** A text as the bytes that are hashed, written once from front to back. */
final class Text {
    private static final byte[] LOWER = "0123456789abcdef".getBytes(ISO_8859_1);
    private static final byte[] UPPER = "0123456789ABCDEF".getBytes(ISO_8859_1);
    private static final boolean[] UNRESERVED = new boolean[0x80];
    private static final boolean[] TOKEN = new boolean[0x80];

    static {
        for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".toCharArray()) {
            UNRESERVED[c] = true;
        }
        for (int c = '!'; c < 0x7F; c++) {
            TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
    }

    private static final int SHORT = 24;

    private byte[] bytes;
    private int length;

    Text(int capacity) {
        bytes = new byte[capacity];
    }

    /** Whether it can be a method or a header's name: the token of RFC 9110. */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || !TOKEN[c]) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** The byte that {@code %XX} stands for, or -1 where the percent sign stands for itself. */
    static int escaped(String text, int at, int to) {
        if (at + 2 >= to) {
            return -1;
        }
        int high = hexDigit(text.charAt(at + 1));
        int low = hexDigit(text.charAt(at + 2));
        return high < 0 || low < 0 ? -1 : 16 * high + low;
    }

    private static int hexDigit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /** What RFC 3986 lets stand for itself everywhere. */
    static boolean isUnreserved(int c) {
        return c >= 0 && c < 0x80 && UNRESERVED[c];
    }

    /** What stands for itself in a path. */
    static boolean isPathText(int c) {
        return c == '/' || isUnreserved(c);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    Text add(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    Text add(String text) {
        return add(text, 0, text.length());
    }

    /** Adds a part of a text as UTF-8. */
    Text add(String text, int from, int to) {
        if (to - from > SHORT) {
            return add(text.substring(from, to).getBytes(UTF_8)); // copies many bytes at a time
        }
        room(to - from);
        byte[] out = bytes;
        int at = length;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return add(text.substring(from, to).getBytes(UTF_8));
            }
            out[at++] = (byte) c;
        }
        length = at;
        return this;
    }

    Text add(byte[] more) {
        return add(more, 0, more.length);
    }

    Text add(byte[] more, int from, int count) {
        room(count);
        System.arraycopy(more, from, bytes, length, count);
        length += count;
        return this;
    }

    Text addHex(byte[] digest) {
        room(2 * digest.length);
        byte[] out = bytes;
        int at = length;
        for (byte b : digest) {
            out[at++] = LOWER[b >> 4 & 0xF];
            out[at++] = LOWER[b & 0xF];
        }
        length = at;
        return this;
    }

    /** Adds one byte, as {@code %XX} unless it is unreserved. */
    void addEncoded(int b) {
        if (isUnreserved(b)) {
            add((char) b);
        } else {
            addPercent(b);
        }
    }

    private void addPercent(int b) {
        room(3);
        bytes[length++] = '%';
        bytes[length++] = UPPER[b >> 4 & 0xF];
        bytes[length++] = UPPER[b & 0xF];
    }

    /** Adds the UTF-8 of a code point, each byte as {@code %XX} unless it is unreserved. */
    void addEncodedCodePoint(int c) {
        if (c < 0x80) {
            addEncoded(c);
            return;
        }
        for (byte b : Character.toString(c).getBytes(UTF_8)) {
            addPercent(b & 0xFF);
        }
    }

    /** Adds a text, percent-encoded but for what is unreserved. */
    Text addEncoded(String text) {
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            addEncodedCodePoint(text.codePointAt(i));
        }
        return this;
    }

    /** Adds a path, percent-encoded but for slashes and what is unreserved. */
    Text addEncodedPath(String path) {
        for (int i = 0; i < path.length(); i = path.offsetByCodePoints(i, 1)) {
            int c = path.codePointAt(i);
            if (c == '/') {
                add('/');
            } else {
                addEncodedCodePoint(c);
            }
        }
        return this;
    }

    /** Adds a header's value: no space around it, and one where there are several or a folded line. */
    Text addCollapsed(String value) {
        room(value.length());
        byte[] out = bytes;
        int at = length;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x80) {
                return addWords(value);
            }
            out[at++] = (byte) c;
        }
        length = at;
        return this;
    }

    private Text addWords(String value) {
        int start = length;
        int i = 0;
        while (i < value.length()) {
            int from = i;
            while (i < value.length() && !isSpace(value.charAt(i))) {
                i++;
            }
            if (i > from) {
                if (length > start) {
                    add(' ');
                }
                add(value, from, i);
            }
            i++;
        }
        return this;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    /** A text that is known to be ASCII. */
    String ascii() {
        return ascii(0, length);
    }

    String ascii(int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, UTF_8);
    }
}
