package io.mutil.frame;

import java.math.BigInteger;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a column holds, which decides how it is aligned. A cell that holds something else is shown all the same, with decimals or a
 * fraction of a second of its own.
 */
public enum CellType {
    /** Anything; to the left, by its {@code toString}. */
    TEXT,
    /** Whole numbers; to the right. */
    INTEGER,
    /** Numbers with decimals, {@code double}, {@code float} and {@code BigDecimal}; to the right, the same decimals in all rows. */
    DECIMAL,
    /** Dates and times; to the left, as ISO 8601 has them, the same fraction of a second in all rows. */
    TEMPORAL,
    /** Truth values; to the left. */
    BOOLEAN;

    private static final Set<Class<?>> INTEGERS = Set.of(
            byte.class,
            short.class,
            int.class,
            long.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            BigInteger.class,
            AtomicInteger.class,
            AtomicLong.class);

    boolean isNumber() {
        return this == INTEGER || this == DECIMAL;
    }

    /** The type of cells of a class. */
    static CellType of(Class<?> type) {
        if (INTEGERS.contains(type)) {
            return INTEGER;
        }
        if (type == double.class || type == float.class || Number.class.isAssignableFrom(type)) {
            return DECIMAL;
        }
        if (type == boolean.class || type == Boolean.class) {
            return BOOLEAN;
        }
        return Times.isTime(type) ? TEMPORAL : TEXT;
    }
}
