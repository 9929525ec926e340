package io.mutil.examples;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Shares of one company; public, so that a table may read it.
 *
 * @param shares negative if they are owed
 * @param since null if nobody remembers
 */
public record Holding(
        String symbol,
        String name,
        long shares,
        double price,
        double profit,
        @Nullable LocalDate since) {}
