package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/** What the proxy itself says to subscribers. */
final class Notices {
    private static final int ACKNOWLEDGED = 200;

    /** A count that nobody knows. */
    static final long UNKNOWN = -1;

    private Notices() {}

    static Element error(String text) {
        return element("{\"error\": " + quote(text) + "}");
    }

    /** The first 200 characters of a command message. */
    static Element acknowledgement(String message) {
        int end = message.codePointCount(0, message.length()) <= ACKNOWLEDGED
                ? message.length()
                : message.offsetByCodePoints(0, ACKNOWLEDGED);
        return element(message.substring(0, end));
    }

    /** @param missed or {@link #UNKNOWN} */
    static Element gap(@Nullable String key, long missed) {
        return element(
                "{\"gap\": {\"key\": " + quote(key) + ", \"missed\": " + (missed == UNKNOWN ? "null" : missed) + "}}");
    }

    /** An unknown number of messages is missing; the next one has the offset behind this. */
    static Element gapUpTo(@Nullable String key, long offset) {
        return element("{\"gap\": {\"key\": " + quote(key) + ", \"missed\": null, \"offset\": " + offset + "}}");
    }

    /** Where the messages of each key stand. */
    static Element since(String epoch, Map<Key, Long> offsets) {
        String keys = offsets.entrySet().stream()
                .filter(entry -> !entry.getKey().isEverything())
                .map(entry -> quote(entry.getKey().name()) + ": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
        String everything = offsets.entrySet().stream()
                .filter(entry -> entry.getKey().isEverything())
                .map(entry -> ", \"everything\": " + entry.getValue())
                .collect(Collectors.joining());
        return element("{\"since\": {\"epoch\": " + quote(epoch) + ", \"keys\": " + keys + everything + "}}");
    }

    /** A JSON list of strings. */
    static String list(Collection<String> strings) {
        return strings.stream().map(Notices::quote).collect(Collectors.joining(",", "[", "]"));
    }

    static String quote(@Nullable String text) {
        return text == null
                ? "null"
                : '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }

    static Element element(String text) {
        return new Element(text.getBytes(UTF_8), true);
    }
}
