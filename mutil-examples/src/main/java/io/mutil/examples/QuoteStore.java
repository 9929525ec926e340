package io.mutil.examples;

import io.mutil.sqlshard.Row;
import io.mutil.sqlshard.ShardKey;
import io.mutil.sqlshard.SqlShard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Quotes of some symbols on disk: the latest of one, an hour of it, and which symbols there are. */
public final class QuoteStore {
    private static final long START = 1_700_000_000;
    private static final int MINUTES = 120;

    /** What a quote is. */
    public record Prices(double bid, double ask) {}

    private QuoteStore() {}

    /** Fills a store in a directory of its own, asks it, and removes what is old. */
    public static void main(String... args) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("quote-store");
        try (SqlShard<Prices> store = SqlShard.open(directory, Prices.class)) {
            for (String symbol : List.of("IBM", "MSFT", "AAPL")) {
                for (int minute = 0; minute < MINUTES; minute++) {
                    store.put(
                            ShardKey.of(symbol, START + minute * 60L, "nyse"), new Prices(100 + minute, 101 + minute));
                }
            }
            try (Stream<Row<Prices>> latest = store.scan().prefix("IBM").descending().limit(1).stream()) {
                latest.forEach(row -> System.out.println("latest " + row.value()));
            }
            try (Stream<Row<Prices>> hour = store.range("IBM", START, START + 59 * 60)) {
                System.out.println("highest bid of the first hour "
                        + hour.mapToDouble(row -> row.value().bid()).max().orElseThrow());
            }
            System.out.println("removed " + store.prune(START + 60 * 60) + " of " + 3 * MINUTES);
            System.out.println("left " + store.size() + " of "
                    + store.query("SELECT DISTINCT key_0 FROM db", List.of(), row -> row.getString(1)).stream()
                            .sorted()
                            .toList());
        }
    }
}
