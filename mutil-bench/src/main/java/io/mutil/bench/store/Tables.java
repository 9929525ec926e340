package io.mutil.bench.store;

import io.mutil.bench.MedianTable;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was measured, a table for each title. */
final class Tables {
    private final Map<String, MedianTable> tables = new LinkedHashMap<>();

    void add(String title, Contestant contestant, double value) {
        tables.computeIfAbsent(title, MedianTable::new).add(contestant.name(), value);
    }

    void print(PrintStream out) {
        tables.values().forEach(out::println);
    }
}
