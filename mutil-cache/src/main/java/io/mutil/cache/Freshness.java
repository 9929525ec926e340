package io.mutil.cache;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Says until when an answer is served without asking again. Time counts from the moment at which the request was sent, so a
 * day's answer is one that was asked for on that day.
 */
public final class Freshness {
    private final Rule rule;
    private final double jitter;

    private Freshness(Rule rule, double jitter) {
        this.rule = rule;
        this.jitter = jitter;
    }

    /** For so long. */
    public static Freshness ttl(Duration ttl) {
        return new Freshness(new Ttl(Millis.checkPositive("ttl", ttl)), 0);
    }

    /** Until the end of the day in that zone. */
    public static Freshness endOfDay(ZoneId zone) {
        return new Freshness(new EndOfDay(requireNonNull(zone, "zone")), 0);
    }

    /**
     * Until the end of the bucket of time, or of the day if that comes first. Buckets are counted from the Unix epoch, so those
     * of 20 minutes end on the hour, 20 and 40 minutes past it.
     *
     * @param zone whose days they are
     */
    public static Freshness buckets(Duration every, ZoneId zone) {
        return new Freshness(
                new Buckets(
                        Millis.of(Millis.checkPositive("every", every)), new EndOfDay(requireNonNull(zone, "zone"))),
                0);
    }

    /**
     * As the response says in {@code Cache-Control} and {@code Expires}, for a cache that is nobody else's. {@code no-store} is
     * answered and not kept; {@code no-cache} is revalidated each time; after {@code must-revalidate} nothing is served stale.
     *
     * @param fallback for a response that does not say
     */
    public static Freshness fromResponse(Freshness fallback) {
        return new Freshness(new FromResponse(requireNonNull(fallback, "fallback")), 0);
    }

    /**
     * Ends earlier by chance, so that what was fetched together is not due together.
     *
     * @param fraction from 0 to 1: at most how much of the time is cut off
     */
    public Freshness jitter(double fraction) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("fraction must be from 0 to 1, was " + fraction);
        }
        return new Freshness(rule, fraction);
    }

    /** From when on an answer to a request of that moment is due. */
    long until(long began, Map<String, List<String>> headers) {
        return rule.until(began, headers);
    }

    long until(long began, Map<String, List<String>> headers, DoubleSupplier random) {
        long until = rule.until(began, headers, random);
        return jitter == 0 || until <= began
                ? until
                : until - (long) (random.getAsDouble() * jitter * (double) (until - began));
    }

    boolean mayStore(Map<String, List<String>> headers) {
        return rule.mayStore(headers);
    }

    boolean mayBeStale(Map<String, List<String>> headers) {
        return rule.mayBeStale(headers);
    }

    /** What follows the name in a file name, or nothing. */
    String suffix(long instant) {
        return rule.suffix(instant);
    }

    @Override
    public String toString() {
        return jitter == 0 ? rule.toString() : rule + " with jitter " + jitter;
    }

    private interface Rule {
        long until(long began, Map<String, List<String>> headers);

        /** For a rule that leaves it to another one, which may have a jitter. */
        default long until(long began, Map<String, List<String>> headers, DoubleSupplier random) {
            return until(began, headers);
        }

        default boolean mayStore(Map<String, List<String>> headers) {
            return true;
        }

        default boolean mayBeStale(Map<String, List<String>> headers) {
            return true;
        }

        default String suffix(long instant) {
            return "";
        }
    }

    private record Ttl(Duration ttl) implements Rule {
        @Override
        public long until(long began, Map<String, List<String>> headers) {
            return Millis.plus(began, Millis.of(ttl));
        }
    }

    private record EndOfDay(ZoneId zone) implements Rule {
        @Override
        public long until(long began, Map<String, List<String>> headers) {
            return date(began).plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
        }

        @Override
        public String suffix(long instant) {
            return "-" + date(instant);
        }

        LocalDate date(long instant) {
            return LocalDate.ofInstant(Instant.ofEpochMilli(instant), zone);
        }
    }

    private record Buckets(long every, EndOfDay day) implements Rule {
        @Override
        public long until(long began, Map<String, List<String>> headers) {
            return Math.min(Millis.plus(Math.floorDiv(began, every) * every, every), day.until(began, headers));
        }

        @Override
        public String suffix(long instant) {
            return day.suffix(instant) + "-" + Math.floorDiv(instant, every);
        }
    }

    private record FromResponse(Freshness fallback) implements Rule {
        @Override
        public long until(long began, Map<String, List<String>> headers) {
            var said = CacheControl.of(headers);
            return said.isSilent() ? fallback.until(began, headers) : Millis.plus(began, said.lifetime(began));
        }

        @Override
        public long until(long began, Map<String, List<String>> headers, DoubleSupplier random) {
            return CacheControl.of(headers).isSilent() ? fallback.until(began, headers, random) : until(began, headers);
        }

        @Override
        public boolean mayStore(Map<String, List<String>> headers) {
            return !CacheControl.of(headers).noStore();
        }

        @Override
        public boolean mayBeStale(Map<String, List<String>> headers) {
            return !CacheControl.of(headers).mustRevalidate();
        }
    }
}
