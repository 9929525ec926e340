package io.mutil.timer;

import java.util.Locale;

/** Numbers as people read them. All of it is ASCII, as a log or a terminal may hold nothing else. */
final class Human {
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY_SECONDS = 86_400;
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Human() {}

    /** {@code 340 ns}, {@code 3.4 ms}, {@code 2m05s}, {@code 1h02m}, {@code 3d04h}; rounded. */
    static String duration(long nanos) {
        if (nanos < 1_000) {
            return nanos + " ns";
        }
        if (nanos < 999_500) {
            return decimal(nanos / 1e3) + " us";
        }
        if (nanos < 999_500_000) {
            return decimal(nanos / 1e6) + " ms";
        }
        return nanos < 59_950_000_000L ? decimal(nanos / 1e9) + " s" : minutes(nanos);
    }

    private static String minutes(long nanos) {
        long seconds = nanos / SECOND + (nanos % SECOND * 2 >= SECOND ? 1 : 0);
        if (seconds < 3_600) {
            return pair(seconds, 60, "m", "s");
        }
        long minutes = (seconds + 30) / 60;
        return minutes * 60 < DAY_SECONDS ? pair(minutes, 60, "h", "m") : pair((seconds + 1_800) / 3_600, 24, "d", "h");
    }

    private static String pair(long value, int per, String large, String small) {
        return String.format(Locale.ROOT, "%d%s%02d%s", value / per, large, value % per, small);
    }

    /** {@code 12,345}. */
    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** {@code 512 B}, {@code 3.4 KiB}. */
    static String bytes(double value) {
        int unit = 0;
        double scaled = value;
        while (scaled >= 999.5 && unit < BINARY.length - 1) {
            scaled /= 1_024;
            unit++;
        }
        return (unit == 0 ? String.format(Locale.ROOT, "%.0f", scaled) : decimal(scaled)) + " " + BINARY[unit];
    }

    /** {@code 12,345}, {@code 12.3}, {@code 0.12}. */
    static String rate(double value) {
        return value > 0 && value < 0.995 ? String.format(Locale.ROOT, "%.2f", value) : decimal(value);
    }

    /** {@code 20%}: rounded down, so that only all of it is 100%. */
    static String percent(double share) {
        return (long) Math.floor(share * 100 + 1e-12) + "%";
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, value < 99.95 ? "%.1f" : "%,.0f", value);
    }
}
