package io.mutil.bench.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.LongAdder;

/** One contestant in one round, in a directory of its own. Fails if a row is missing or is not what it was. */
final class Turn {
    private static final int CHECKED = 1000;
    private static final int SCANS = 3;
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final Contestant contestant;
    private final Path directory;
    private final int shards;
    private final Rows rows;
    private final Tables tables;

    Turn(Contestant contestant, Path directory, int shards, Rows rows, Tables tables) {
        this.contestant = contestant;
        this.directory = directory;
        this.shards = shards;
        this.rows = rows;
        this.tables = tables;
    }

    void take(StoreOptions.Mode mode) throws IOException, SQLException, InterruptedException {
        double seconds = fill();
        switch (mode) {
            case PUT -> add("puts, rows/s", rows.count() / seconds);
            case SYNC -> add("puts that wait for the disk, rows/s", rows.count() / seconds);
            case GET -> reopened(this::gets);
            case SCAN -> reopened(this::scans);
        }
    }

    private void add(String title, double value) {
        tables.add(rows.count() + " rows: " + title, contestant, value);
    }

    private double fill() throws IOException, SQLException, InterruptedException {
        try (Store store = open()) {
            double putting = Crew.seconds(contestant.writers(), share -> store.put(rows, share));
            long begin = System.nanoTime();
            store.settle();
            double all = putting + secondsSince(begin);
            check(store);
            return all;
        }
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / NANOS;
    }

    private Store open() throws IOException, SQLException {
        return contestant.opening().open(directory, shards);
    }

    private void check(Store store) throws IOException, SQLException, InterruptedException {
        require(store.size() == rows.count(), "has another number of rows");
        try (Store.Reader reader = store.reader()) {
            for (int place = 0; place < Math.min(CHECKED, rows.count()); place++) {
                int row = rows.asked(place);
                require(rows.value(row).equals(reader.get(rows.key(row))), "gives back another value");
            }
        }
    }

    private void require(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalStateException(contestant.name() + " " + otherwise + "; its speed means nothing");
        }
    }

    /** What is done with a store that was opened again, so that nobody reads what he has kept in memory from writing. */
    private interface Measured {
        void with(Store store) throws IOException, SQLException, InterruptedException;
    }

    private void reopened(Measured measured) throws IOException, SQLException, InterruptedException {
        try (Store store = open()) {
            measured.with(store);
        }
    }

    /** All rows, once for warming up, by one thread and by two. */
    private void gets(Store store) throws IOException, InterruptedException {
        getAll(store, 1);
        add("gets by one thread, rows/s", rows.count() / getAll(store, 1));
        add("gets by two threads, rows/s", rows.count() / getAll(store, 2));
    }

    private double getAll(Store store, int threads) throws IOException, InterruptedException {
        return Crew.seconds(threads, share -> {
            try (Store.Reader reader = store.reader()) {
                for (int place = share.part(); place < rows.count(); place += share.parts()) {
                    requireNonNull(reader.get(rows.key(rows.asked(place))));
                }
            }
        });
    }

    private void scans(Store store) throws IOException, SQLException, InterruptedException {
        for (int scan = 0; scan < SCANS; scan++) {
            long begin = System.nanoTime();
            require(store.size() == rows.count(), "has another number of rows");
            add("size(), milliseconds", secondsSince(begin) * MILLIS);
            begin = System.nanoTime();
            var seen = new LongAdder();
            store.scan((key, value) -> seen.increment());
            add("full scan, rows/s", rows.count() / secondsSince(begin));
            require(seen.sum() == rows.count(), "does not show all rows");
        }
    }
}
