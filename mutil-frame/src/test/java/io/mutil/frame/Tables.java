package io.mutil.frame;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DateColumn;
import tech.tablesaw.api.DateTimeColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.InstantColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.ShortColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.api.TimeColumn;

/** Tables of Tablesaw. */
final class Tables {
    private Tables() {}

    /** A column of each type, and in each a missing value in the last row. */
    static Table everyType() {
        Table table = Table.create(
                "trades",
                StringColumn.create("symbol", "IBM", "トヨタ", "São Paulo 🇧🇷", ""),
                ShortColumn.create("lots", new short[] {1, -20, 300, 0}),
                IntColumn.create("shares", new int[] {100, -2000, 30_000, 0}),
                LongColumn.create("volume|total", new long[] {1_234_567_890_123L, 0, -5, 0}),
                FloatColumn.create("fee", new float[] {0.1f, 0.25f, -1, 0}),
                DoubleColumn.create("price", new double[] {231.5, -0.125, 1e-9, Double.NaN}),
                BooleanColumn.create("filled", new Boolean[] {true, false, true, null}),
                DateColumn.create(
                        "day", LocalDate.of(2024, 2, 29), LocalDate.of(1, 1, 1), LocalDate.of(2026, 11, 27), null),
                TimeColumn.create("time", LocalTime.of(9, 30), LocalTime.of(16, 0, 1), LocalTime.MIDNIGHT, null),
                DateTimeColumn.create(
                        "at",
                        LocalDateTime.of(2024, 2, 29, 9, 30),
                        LocalDateTime.of(2024, 2, 29, 9, 30, 0, 125_000_000),
                        LocalDateTime.of(1969, 12, 31, 23, 59, 59),
                        null),
                InstantColumn.create(
                        "instant",
                        Instant.ofEpochSecond(1_700_000_000),
                        Instant.EPOCH,
                        Instant.ofEpochMilli(1_700_000_000_250L),
                        null),
                StringColumn.create("notes 📝", "two\nlines", "a\ttab and a long, long text", "*back\\slash*", ""));
        for (String name : new String[] {"lots", "shares", "volume|total", "fee"}) {
            table.column(name).setMissing(3);
        }
        return table;
    }
}
