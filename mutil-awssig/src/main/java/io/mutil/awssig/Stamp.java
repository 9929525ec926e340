package io.mutil.awssig;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A second, as signatures write it.
 *
 * @param date as {@code yyyyMMdd}
 * @param time as {@code yyyyMMddTHHmmssZ}
 */
record Stamp(long epochSecond, String date, String time) {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int DATE_LENGTH = 8;

    static Stamp ofEpochSecond(long second) {
        String time = FORMAT.format(Instant.ofEpochSecond(second));
        return new Stamp(second, time.substring(0, DATE_LENGTH), time);
    }

    /** @throws java.time.format.DateTimeParseException if it is none */
    static Stamp parse(String time) {
        return ofEpochSecond(Instant.from(FORMAT.parse(time)).getEpochSecond());
    }
}
