package io.mutil.cache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a fetch ended, once the body is written.
 *
 * @param status a status of HTTP
 * @param headers names in lower case
 */
public record Fetched(int status, Map<String, List<String>> headers) {
    /** Copies the headers, with their names in lower case. */
    public Fetched {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException("status must be from 100 to 999, was " + status);
        }
        headers = inLowerCase(headers);
    }

    static Map<String, List<String>> inLowerCase(Map<String, List<String>> headers) {
        var lower = new LinkedHashMap<String, List<String>>();
        headers.forEach((name, values) -> lower.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                .addAll(values));
        lower.replaceAll((name, values) -> List.copyOf(values));
        return Map.copyOf(lower);
    }

    /** A good answer of a function that knows no headers. */
    public static Fetched ok() {
        return new Fetched(200, Map.of());
    }

    /** A good answer that can be asked for again by its tag. */
    public static Fetched ok(String etag) {
        return new Fetched(200, Map.of("etag", List.of(etag)));
    }

    /** What is stored still holds. */
    public static Fetched notModified() {
        return new Fetched(304, Map.of());
    }
}
