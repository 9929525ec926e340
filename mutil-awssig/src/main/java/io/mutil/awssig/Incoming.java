package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as a server received it.
 *
 * @param path as it is written in the first line
 * @param headers by name in lower case
 */
record Incoming(String method, String path, @Nullable String query, Map<String, List<String>> headers) {
    /** A parameter of the query, decoded. */
    record Parameter(String name, String value) {}

    static Incoming of(String method, String target, Map<String, List<String>> headers) throws Refusal {
        if (!Text.isToken(method)) {
            throw Refusal.malformed("the method must be a word such as GET");
        }
        if (!target.startsWith("/") || target.indexOf('#') >= 0) {
            throw Refusal.malformed("the target must be a path and a query, as /path?query");
        }
        Map<String, List<String>> byName = new TreeMap<>();
        headers.forEach(
                (name, values) -> byName.computeIfAbsent(name.toLowerCase(Locale.ROOT), unused -> new ArrayList<>())
                        .addAll(values));
        int mark = target.indexOf('?');
        return mark < 0
                ? new Incoming(method, target, null, byName)
                : new Incoming(method, target.substring(0, mark), target.substring(mark + 1), byName);
    }

    List<String> values(String header) {
        return headers.getOrDefault(header, List.of());
    }

    /** The value of a header that must not come twice; null if there is none. */
    @Nullable
    String single(String header) throws Refusal {
        List<String> values = values(header);
        if (values.size() > 1) {
            throw Refusal.duplicate("header " + header);
        }
        return values.isEmpty() ? null : values.get(0).strip();
    }

    /** Whether a body is announced. */
    boolean hasBody() {
        return headers.containsKey("transfer-encoding")
                || values("content-length").stream()
                        .anyMatch(length -> !length.strip().equals("0"));
    }

    /** The parameters of the query whose name begins with {@code x-amz-} in any case, however it is encoded. */
    List<Parameter> amzParameters() throws Refusal {
        List<Parameter> parameters = new ArrayList<>();
        for (String part : query == null ? new String[0] : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = decoded(equals < 0 ? part : part.substring(0, equals));
            if (name != null && isOfAws(name)) {
                String value = equals < 0 ? "" : decoded(part.substring(equals + 1));
                if (value == null) {
                    // its name is not shown, which may have any bytes too
                    throw Refusal.malformed("a parameter X-Amz-... must be UTF-8 in percent-encoding");
                }
                parameters.add(new Parameter(name, value));
            }
        }
        return parameters;
    }

    /** Whether a parameter has a name of those that AWS keeps to itself, however its letters are written. */
    static boolean isOfAws(String parameter) {
        return parameter.regionMatches(true, 0, "x-amz-", 0, 6);
    }

    /** Null if it is no UTF-8. */
    private static @Nullable String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        var bytes = new ByteArrayOutputStream(text.length());
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            int escaped = c == '%' ? Text.escaped(text, i, text.length()) : -1;
            if (escaped >= 0) {
                bytes.write(escaped);
                i += 3;
            } else {
                bytes.writeBytes(Character.toString(c == '+' ? ' ' : c).getBytes(UTF_8));
                i += Character.charCount(c);
            }
        }
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
