package io.mutil.cache;

import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a response says about keeping it (RFC 9111, 4.2 and 5.2.2), read by a private cache: {@code s-maxage} is for others. What
 * cannot be understood makes it due at once, as the RFC advises.
 *
 * @param seconds the lifetime by {@code max-age}; -1 if it says none
 */
record CacheControl(
        boolean noStore, boolean noCache, boolean mustRevalidate, long seconds, Map<String, List<String>> headers) {
    private static final Pattern DIRECTIVE = Pattern.compile(
            "([!#$%&'*+.^_`|~\\w-]+)\\s*(?:=\\s*(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|([^\\s,]*)))?");
    /** RFC 9111, 1.2.2. */
    private static final long MOST_SECONDS = 1L << 31;

    static CacheControl of(Map<String, List<String>> headers) {
        boolean noStore = false;
        boolean noCache = false;
        boolean mustRevalidate = false;
        long seconds = -1;
        for (String line : headers.getOrDefault("cache-control", List.of())) {
            Matcher directive = DIRECTIVE.matcher(line);
            while (directive.find()) {
                switch (directive.group(1).toLowerCase(Locale.ROOT)) {
                    case "no-store" -> noStore = true;
                    // naming single fields would allow more, and asking again is always right
                    case "no-cache" -> noCache = true;
                    case "must-revalidate" -> mustRevalidate = true;
                    case "max-age" -> seconds = seconds >= 0 ? seconds : seconds(directive);
                    default -> {}
                }
            }
        }
        return new CacheControl(noStore, noCache, noCache || mustRevalidate, seconds, headers);
    }

    private static long seconds(Matcher directive) {
        String quoted = directive.group(2);
        return seconds(quoted == null ? directive.group(3) : quoted);
    }

    private static long seconds(@Nullable String text) {
        if (text == null || !text.matches("\\d+")) {
            return 0;
        }
        return text.length() > 10 ? MOST_SECONDS : Math.min(MOST_SECONDS, Long.parseLong(text));
    }

    /** Whether nothing of it tells how long. */
    boolean isSilent() {
        return !noCache && seconds < 0 && !headers.containsKey("expires");
    }

    /** Milliseconds for which it is fresh, none if it never is. */
    long lifetime(long began) {
        if (noCache) {
            return 0;
        }
        long lifetime = seconds >= 0 ? seconds * 1000 : untilExpires(began);
        long old = seconds(first("age").strip()) * 1000;
        return Math.max(0, lifetime - old);
    }

    private long untilExpires(long began) {
        try {
            long expires = date(first("expires"));
            return Math.max(0, expires - (headers.containsKey("date") ? date(first("date")) : began));
        } catch (DateTimeException e) {
            return 0;
        }
    }

    private String first(String header) {
        List<String> values = headers.get(header);
        return values == null || values.isEmpty() ? "" : values.get(0);
    }

    private static long date(String text) {
        return ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant()
                .toEpochMilli();
    }
}
