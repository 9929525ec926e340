package io.mutil.bench.table;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Random;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DateColumn;
import tech.tablesaw.api.DateTimeColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Trades that were made up: eight columns of doubles, four of whole numbers, four of texts, three of times, one of truth values. */
final class Trades {
    private static final String[] SYMBOLS = {"AAPL", "IBM", "MSFT", "NVDA", "GOOGL", "BRK.B"};

    private Trades() {}

    static Table table(int rows) {
        var random = new Random(1);
        Table table = Table.create("trades");
        for (int i = 0; i < 4; i++) {
            table.addColumns(prices("price" + i, rows, random), doubles("ratio" + i, rows, random));
        }
        for (int i = 0; i < 2; i++) {
            table.addColumns(
                    IntColumn.create(
                            "shares" + i, random.ints(rows, -10_000, 10_000).toArray()),
                    LongColumn.create(
                            "order" + i, random.longs(rows, 0, 10_000_000_000L).toArray()));
        }
        for (int i = 0; i < 4; i++) {
            table.addColumns(StringColumn.create(
                    "symbol" + i,
                    random.ints(rows, 0, SYMBOLS.length * 100).mapToObj(n -> SYMBOLS[n % SYMBOLS.length] + " " + n)));
        }
        LocalDate day = LocalDate.of(2024, 1, 1);
        LocalDateTime open = day.atTime(9, 30);
        table.addColumns(
                DateColumn.create("day", random.ints(rows, 0, 400).mapToObj(day::plusDays)),
                DateColumn.create("settled", random.ints(rows, 0, 400).mapToObj(day::plusDays)),
                DateTimeColumn.create(
                        "at", random.ints(rows, 0, 23_400_000).mapToObj(ms -> open.plusNanos(ms * 1_000_000L))),
                BooleanColumn.create(
                        "bought", random.ints(rows, 0, 2).mapToObj(n -> n == 1).toArray(Boolean[]::new)));
        return table;
    }

    private static DoubleColumn prices(String name, int rows, Random random) {
        return DoubleColumn.create(
                name,
                random.ints(rows, 1, 100_000)
                        .mapToDouble(cents -> cents / 100.0)
                        .toArray());
    }

    private static DoubleColumn doubles(String name, int rows, Random random) {
        return DoubleColumn.create(name, random.doubles(rows, -10, 10).toArray());
    }
}
