package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Walks over a message once and notes its objects, with the value of one field of each.
 *
 * <p>Knows the whole grammar of RFC 8259, so that nothing is taken out of what is no JSON, but makes nothing of what it walks
 * over. A parser for all purposes is several times slower, and this is done for each message of the upstream, by one thread.
 */
final class FieldScanner {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int DEEPEST = 500;

    private final byte[] field;
    private final String fieldName;
    private final byte[] bytes;
    private final int end;
    private final Found found;
    private final int start;
    private int next;
    private boolean ascii = true;

    /** Not JSON; where is of no use to anybody. */
    static final class NotJsonException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotJsonException() {
            super("not JSON", null, false, false);
        }
    }

    FieldScanner(String fieldName, byte[] field, byte[] bytes, int from, int to, Found found) {
        this.fieldName = fieldName;
        this.field = field;
        this.bytes = bytes;
        this.start = from;
        this.next = from;
        this.end = to;
        this.found = found;
    }

    void scan() {
        skipMark();
        skipSpace();
        if (next == end) {
            return;
        }
        if (bytes[next] == '[') {
            next++;
            list();
        } else {
            element();
        }
        skipSpace();
        if (next != end || !isUtf8()) {
            throw new NotJsonException();
        }
    }

    /** A message that is binary has not been looked at by others. */
    private boolean isUtf8() {
        return ascii || ByteBufUtil.isText(Unpooled.wrappedBuffer(bytes, start, end - start), UTF_8);
    }

    /** A byte order mark may come first, and is no part of the JSON. */
    private void skipMark() {
        if (end - next >= 3
                && bytes[next] == (byte) 0xef
                && bytes[next + 1] == (byte) 0xbb
                && bytes[next + 2] == (byte) 0xbf) {
            next += 3;
        }
    }

    private void list() {
        if (!endsAtOnce(']')) {
            do {
                element();
            } while (goesOn(']'));
        }
    }

    private void element() {
        skipSpace();
        if (peek() == '{') {
            int from = next;
            String key = object();
            if (key != null) {
                found.addKey(key);
            }
            found.add(from, next);
        } else {
            value(1);
        }
    }

    /** The value of the field; the last one counts. */
    private @Nullable String object() {
        String key = null;
        next++;
        if (!endsAtOnce('}')) {
            do {
                boolean wanted = name();
                if (wanted) {
                    key = key();
                } else {
                    value(1);
                }
            } while (goesOn('}'));
        }
        return key;
    }

    /** Whether it is that of the field. */
    private boolean name() {
        skipSpace();
        int from = next + 1;
        boolean plain = string();
        int to = next - 1;
        skipSpace();
        expect(':');
        return plain
                ? Arrays.equals(bytes, from, to, field, 0, field.length)
                : unescaped(from - 1, to + 1).equals(fieldName);
    }

    private @Nullable String key() {
        skipSpace();
        int from = next;
        byte first = peek();
        if (first == '"') {
            boolean plain = string();
            return plain ? new String(bytes, from + 1, next - from - 2, UTF_8) : unescaped(from, next);
        }
        value(1);
        return first == '-' || isDigit(first) ? new String(bytes, from, next - from, UTF_8) : null;
    }

    /** Rare enough to be left to others. */
    private String unescaped(int from, int to) {
        try {
            return JSON.readValue(bytes, from, to - from, String.class);
        } catch (JacksonException e) {
            throw new NotJsonException();
        }
    }

    private void value(int depth) {
        skipSpace();
        switch (peek()) {
            case '"' -> string();
            case '{' -> members(depth);
            case '[' -> items(depth);
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
    }

    private void members(int depth) {
        enter(depth);
        if (!endsAtOnce('}')) {
            do {
                skipSpace();
                string();
                skipSpace();
                expect(':');
                value(depth + 1);
            } while (goesOn('}'));
        }
    }

    private void items(int depth) {
        enter(depth);
        if (!endsAtOnce(']')) {
            do {
                value(depth + 1);
            } while (goesOn(']'));
        }
    }

    private void enter(int depth) {
        if (depth >= DEEPEST) {
            throw new NotJsonException();
        }
        next++;
    }

    private boolean endsAtOnce(char close) {
        skipSpace();
        if (peek() != close) {
            return false;
        }
        next++;
        return true;
    }

    private boolean goesOn(char close) {
        skipSpace();
        byte mark = peek();
        next++;
        if (mark != ',' && mark != close) {
            throw new NotJsonException();
        }
        return mark == ',';
    }

    /** Whether it holds no escapes. */
    private boolean string() {
        expect('"');
        boolean plain = true;
        int at = next;
        while (at < end) {
            byte one = bytes[at++];
            if (one == '"') {
                next = at;
                return plain;
            }
            if (one == '\\') {
                plain = false;
                at = escape(at);
            } else if (one < 0) {
                ascii = false;
            } else if (one < ' ') {
                break;
            }
        }
        throw new NotJsonException();
    }

    /** Behind the escape that has begun before. */
    private int escape(int at) {
        if (at < end && "\"\\/bfnrt".indexOf(bytes[at]) >= 0) {
            return at + 1;
        }
        if (end - at < 5 || bytes[at] != 'u') {
            throw new NotJsonException();
        }
        for (int i = at + 1; i < at + 5; i++) {
            if (Character.digit(bytes[i], 16) < 0) {
                throw new NotJsonException();
            }
        }
        return at + 5;
    }

    private void word(String word) {
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i));
        }
    }

    private void number() {
        if (peek() == '-') {
            next++;
        }
        if (peek() == '0') {
            next++;
        } else {
            digits();
        }
        if (next < end && bytes[next] == '.') {
            next++;
            digits();
        }
        if (next < end && (bytes[next] == 'e' || bytes[next] == 'E')) {
            next++;
            if (peek() == '+' || peek() == '-') {
                next++;
            }
            digits();
        }
    }

    private void digits() {
        int from = next;
        while (next < end && isDigit(bytes[next])) {
            next++;
        }
        if (next == from) {
            throw new NotJsonException();
        }
    }

    private static boolean isDigit(byte one) {
        return one >= '0' && one <= '9';
    }

    private void skipSpace() {
        while (next < end
                && (bytes[next] == ' ' || bytes[next] == '\n' || bytes[next] == '\r' || bytes[next] == '\t')) {
            next++;
        }
    }

    private byte peek() {
        if (next >= end) {
            throw new NotJsonException();
        }
        return bytes[next];
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw new NotJsonException();
        }
        next++;
    }
}
