package io.mutil.frame;

import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Dates and times as ISO 8601 has them, always with seconds. */
final class Times {
    private Times() {}

    static boolean isTime(Class<?> type) {
        return Temporal.class.isAssignableFrom(type) || Date.class.isAssignableFrom(type);
    }

    /** How many digits, 0, 3, 6 or 9, write the fraction of its second. */
    static int fraction(@Nullable Object value) {
        if (value == null
                || !(modern(value) instanceof Temporal time)
                || !time.isSupported(ChronoField.NANO_OF_SECOND)) {
            return 0;
        }
        int nanos = time.get(ChronoField.NANO_OF_SECOND);
        return nanos == 0 ? 0 : nanos % 1_000_000 == 0 ? 3 : nanos % 1_000 == 0 ? 6 : 9;
    }

    /** Dates of {@code java.util} and JDBC as those of {@code java.time}; those of JDBC are local. */
    static Object modern(Object value) {
        if (!(value instanceof Date date)) {
            return value;
        }
        if (date instanceof Timestamp timestamp) {
            return timestamp.toLocalDateTime();
        }
        if (date instanceof java.sql.Date day) {
            return day.toLocalDate();
        }
        if (date instanceof Time time) {
            // which leaves milliseconds behind
            return time.toLocalTime().with(ChronoField.MILLI_OF_SECOND, Math.floorMod(time.getTime(), 1_000L));
        }
        return date.toInstant();
    }

    /** Writes it unless it is of a kind, or from a year, that only its {@code toString} knows. */
    static boolean write(Object any, int fraction, Buffer to) {
        Object value = modern(any);
        if (value instanceof LocalDate date) {
            return write(date, to);
        }
        if (value instanceof LocalDateTime time) {
            return write(time, fraction, to);
        }
        if (value instanceof LocalTime time) {
            write(time, fraction, to);
            return true;
        }
        if (value instanceof Instant instant) {
            return write(instant, fraction, to);
        }
        return writeWithZone(value, fraction, to);
    }

    private static boolean writeWithZone(Object value, int fraction, Buffer to) {
        if (value instanceof OffsetDateTime time) {
            return write(time.toLocalDateTime(), fraction, to)
                    && add(time.getOffset().getId(), to);
        }
        if (value instanceof ZonedDateTime time) {
            String zone = time.getZone() instanceof ZoneOffset ? "" : "[" + time.getZone() + "]";
            return write(time.toLocalDateTime(), fraction, to)
                    && add(time.getOffset().getId() + zone, to);
        }
        if (value instanceof OffsetTime time) {
            write(time.toLocalTime(), fraction, to);
            return add(time.getOffset().getId(), to);
        }
        return false;
    }

    private static boolean add(String text, Buffer to) {
        to.add(text);
        return true;
    }

    private static boolean write(Instant instant, int fraction, Buffer to) {
        if (instant.getEpochSecond() < -62_167_219_200L || instant.getEpochSecond() >= 253_402_300_800L) {
            return false;
        }
        var utc = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC);
        return write(utc, fraction, to) && add("Z", to);
    }

    private static boolean write(LocalDateTime time, int fraction, Buffer to) {
        if (!write(time.toLocalDate(), to)) {
            return false;
        }
        to.add('T');
        write(time.toLocalTime(), fraction, to);
        return true;
    }

    private static boolean write(LocalDate date, Buffer to) {
        if (date.getYear() < 0 || date.getYear() > 9999) {
            return false;
        }
        to.digits(date.getYear(), 4, false);
        to.add('-');
        to.digits(date.getMonthValue(), 2, false);
        to.add('-');
        to.digits(date.getDayOfMonth(), 2, false);
        return true;
    }

    private static void write(LocalTime time, int fraction, Buffer to) {
        to.digits(time.getHour(), 2, false);
        to.add(':');
        to.digits(time.getMinute(), 2, false);
        to.add(':');
        to.digits(time.getSecond(), 2, false);
        if (fraction > 0) {
            to.add('.');
            to.digits(
                    time.get(ChronoField.NANO_OF_SECOND) / (fraction == 3 ? 1_000_000 : fraction == 6 ? 1_000 : 1),
                    fraction,
                    false);
        }
    }
}
