package io.mutil.awssig;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A strict reader of JSON (RFC 8259) for what credential processes print, and the escapes for what we print. It refuses
 * names that occur twice. Complaints name a position and never quote, because the text holds secrets.
 */
final class Json {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER = 64;
    private static final HexFormat HEX = HexFormat.of();

    private final CharSequence text;
    private int at;
    private int depth;

    private Json(CharSequence text) {
        this.text = text;
    }

    /**
     * Reads one object: strings as String, numbers as BigDecimal, true and false as Boolean, objects as Map, arrays as
     * List.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static Map<String, @Nullable Object> object(CharSequence text) {
        var reader = new Json(text);
        reader.skipSpace();
        Map<String, @Nullable Object> object = reader.object();
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.unexpected("the end");
        }
        return object;
    }

    private Map<String, @Nullable Object> object() {
        enter('{', "an object");
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (boolean more = !closes('}'); more; more = continues('}')) {
            skipSpace();
            String name = string();
            skipSpace();
            expect(':', "a colon");
            skipSpace();
            Object value = value();
            if (object.containsKey(name)) {
                throw new IllegalArgumentException("a name twice in one object before character " + at);
            }
            object.put(name, value);
        }
        depth--;
        return object;
    }

    private List<@Nullable Object> array() {
        enter('[', "an array");
        List<@Nullable Object> array = new ArrayList<>();
        for (boolean more = !closes(']'); more; more = continues(']')) {
            skipSpace();
            array.add(value());
        }
        depth--;
        return array;
    }

    private void enter(char opening, String what) {
        expect(opening, what);
        depth++;
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("more than " + MAX_DEPTH + " levels at character " + at);
        }
    }

    private boolean closes(char closing) {
        skipSpace();
        return accept(closing);
    }

    private boolean continues(char closing) {
        skipSpace();
        if (accept(',')) {
            return true;
        }
        expect(closing, "a comma or the end of what was opened");
        return false;
    }

    private @Nullable Object value() {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i), "true, false or null");
        }
        return value;
    }

    private BigDecimal number() {
        int start = at;
        accept('-');
        if (!accept('0')) {
            digits();
        }
        if (accept('.')) {
            digits();
        }
        if (accept('e') || accept('E')) {
            if (!accept('+')) {
                accept('-');
            }
            digits();
        }
        if (at - start > MAX_NUMBER) {
            throw new IllegalArgumentException("a number of more than " + MAX_NUMBER + " characters at " + start);
        }
        try {
            return new BigDecimal(text.subSequence(start, at).toString());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a number out of range at character " + start, e);
        }
    }

    private void digits() {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == start) {
            throw unexpected("a value");
        }
    }

    private String string() {
        expect('"', "a string");
        var result = new StringBuilder();
        while (true) {
            char c = next("the end of a string");
            if (c == '"') {
                return result.toString();
            }
            if (c < ' ') {
                at--;
                throw unexpected("an escape for a control character");
            }
            result.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = next("an escape");
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> codeUnit();
            default -> {
                at--;
                throw unexpected("an escape");
            }
        };
    }

    private char codeUnit() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            char c = next("four hexadecimal digits");
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                at--;
                throw unexpected("four hexadecimal digits");
            }
            unit = (unit << 4) | digit;
        }
        return (char) unit;
    }

    private void skipSpace() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
            at++;
        }
    }

    /** The next character, or one that begins nothing if there is none. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private char next(String wanted) {
        if (at == text.length()) {
            throw unexpected(wanted);
        }
        return text.charAt(at++);
    }

    private boolean accept(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        if (there) {
            at++;
        }
        return there;
    }

    private void expect(char c, String wanted) {
        if (!accept(c)) {
            throw unexpected(wanted);
        }
    }

    private IllegalArgumentException unexpected(String wanted) {
        return new IllegalArgumentException(
                at < text.length() ? "expected " + wanted + " at character " + at : "it ends before " + wanted);
    }

    /** A string with its quotes. */
    static void quote(String value, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c) || c == 0x7F) {
                out.append("\\u").append(HEX.toHexDigits(c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
