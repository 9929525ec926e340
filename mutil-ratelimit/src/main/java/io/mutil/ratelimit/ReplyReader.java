package io.mutil.ratelimit;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what responses say about the rate; what it does not understand it takes for not said. */
final class ReplyReader {
    /** A number of seconds beyond is a time since 1970, and beyond the next one in milliseconds. */
    private static final long EPOCH_SECONDS = 1_000_000_000L;

    private static final long EPOCH_MILLIS = 100_000_000_000L;
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,100})(?:\\.(\\d{1,9})\\d{0,20})?");
    /** More would not fit into a number, and mean a longer time than any that counts. */
    private static final int MOST_DIGITS = 15;

    private static final Pattern COUNT = Pattern.compile("\\d{1,15}");
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FIRST_ERROR = 400;
    /** The three forms of RFC 9110, section 5.6.7. All of them are in GMT; where the first has another offset, it goes by that. */
    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.RFC_1123_DATE_TIME,
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.US),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.US));

    private final InstantSource clock;

    ReplyReader(InstantSource clock) {
        this.clock = clock;
    }

    ServerWord read(int status, Map<String, List<String>> headers) {
        return new Reply(headers, clock).word(status);
    }

    private static final class Reply {
        private final Map<String, List<String>> fields = new HashMap<>();
        private final Instant now;

        Reply(Map<String, List<String>> headers, InstantSource clock) {
            headers.forEach((name, values) -> {
                // HttpURLConnection has the status line under null
                if (name != null && values != null) {
                    fields.computeIfAbsent(name.toLowerCase(Locale.US), lower -> new ArrayList<>())
                            .addAll(values);
                }
            });
            Instant date = date(field("date"));
            // what the server's clock shows is what its times mean
            now = date == null ? clock.instant() : date;
        }

        private List<String> values(String name) {
            return fields.getOrDefault(name, List.of()).stream()
                    .map(String::strip)
                    .toList();
        }

        private String field(String name) {
            return String.join(",", values(name));
        }

        ServerWord word(int status) {
            var left = new ArrayList<ServerWord.Left>();
            policies(left);
            plain(left, "ratelimit-", "");
            plain(left, "x-ratelimit-", "x");
            plain(left, "x-rate-limit-", "x");
            long hold = status >= FIRST_ERROR ? retryAfter() : 0;
            boolean said = hold > 0 || left.stream().anyMatch(one -> one.left() == 0);
            return new ServerWord(hold, status == TOO_MANY_REQUESTS && !said, status < FIRST_ERROR, left);
        }

        private long retryAfter() {
            long longest = 0;
            for (String text : values("retry-after")) {
                Instant date = date(text);
                longest = Math.max(longest, date == null ? longestOf(text) : until(date));
            }
            return longest;
        }

        /** A proxy may have put several into one. */
        private static long longestOf(String text) {
            long longest = 0;
            for (String part : text.split(",", -1)) {
                longest = Math.max(longest, nanos(part.strip()));
            }
            return longest;
        }

        private long until(Instant date) {
            Duration wait = Duration.between(now, date);
            Duration longest = wait.compareTo(Checks.LONGEST) > 0 ? Checks.LONGEST : wait;
            return wait.isNegative() ? 0 : longest.toNanos();
        }

        /** {@code RateLimit} and {@code RateLimit-Policy}. */
        private void policies(List<ServerWord.Left> left) {
            Map<String, FieldItem> policies = new HashMap<>();
            FieldItem.list(field("ratelimit-policy")).forEach(policy -> policies.put(policy.name(), policy));
            List<FieldItem> items = FieldItem.list(field("ratelimit"));
            if (items.stream().anyMatch(item -> item.name().equals("remaining"))) {
                oldForm(left, items);
                return;
            }
            for (FieldItem item : items) {
                FieldItem policy = policies.get(item.name());
                boolean requests =
                        policy == null || policy.parameter("qu", "requests").equals("requests");
                String window = policy == null ? "" : policy.parameter("w", "");
                if (requests) {
                    add(left, item.name(), item.parameter("r", ""), nanos(item.parameter("t", window)));
                }
            }
        }

        /** Draft 07: {@code limit=100, remaining=50, reset=30}. */
        private void oldForm(List<ServerWord.Left> left, List<FieldItem> items) {
            Map<String, String> members = new HashMap<>();
            items.forEach(item -> members.put(item.name(), item.value()));
            add(left, "", members.getOrDefault("remaining", ""), nanos(members.getOrDefault("reset", "")));
        }

        /** One header for each number. */
        private void plain(List<ServerWord.Left> left, String prefix, String policy) {
            List<String> after = values(prefix + "reset-after");
            long nanos = after.isEmpty()
                    ? longest(values(prefix + "reset"), this::reset)
                    : longest(after, ReplyReader::nanos);
            for (String remaining : values(prefix + "remaining")) {
                add(left, policy, remaining, nanos);
            }
        }

        private static long longest(List<String> values, ToLongFunction<String> read) {
            return values.stream().mapToLong(read).max().orElse(-1);
        }

        private long reset(String text) {
            Matcher number = SECONDS.matcher(text);
            if (!number.matches() || number.group(1).length() > MOST_DIGITS) {
                return -1;
            }
            long seconds = Long.parseLong(number.group(1));
            if (seconds >= EPOCH_MILLIS) {
                return until(Instant.ofEpochMilli(seconds));
            }
            return seconds >= EPOCH_SECONDS ? until(Instant.ofEpochSecond(seconds + fraction(number))) : nanos(text);
        }

        /** A second more for a part of one. */
        private static int fraction(Matcher number) {
            return number.group(2) == null ? 0 : 1;
        }

        private static void add(List<ServerWord.Left> left, String policy, String remaining, long nanos) {
            if (nanos > 0 && COUNT.matcher(remaining).matches()) {
                left.add(new ServerWord.Left(policy, Long.parseLong(remaining), nanos));
            }
        }
    }

    /** Of a number of seconds; -1 if it is none. */
    private static long nanos(String text) {
        Matcher number = SECONDS.matcher(text);
        if (!number.matches()) {
            return -1;
        }
        long longest = Checks.LONGEST.toSeconds();
        String digits = number.group(1);
        long seconds = digits.length() > MOST_DIGITS ? longest : Math.min(Long.parseLong(digits), longest);
        String part = number.group(2) == null ? "" : number.group(2);
        return seconds * 1_000_000_000L + Long.parseLong((part + "000000000").substring(0, 9));
    }

    private static @Nullable Instant date(String text) {
        for (DateTimeFormatter format : DATES) {
            Instant date = date(text, format);
            if (date != null) {
                return date;
            }
        }
        return null;
    }

    private static @Nullable Instant date(String text, DateTimeFormatter format) {
        try {
            TemporalAccessor date = format.parse(text);
            return date.isSupported(ChronoField.INSTANT_SECONDS)
                    ? Instant.from(date)
                    : LocalDateTime.from(date).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
