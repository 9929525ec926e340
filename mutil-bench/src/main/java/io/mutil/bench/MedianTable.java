package io.mutil.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What contestants did in several rounds: a line for each with its median, and how many times that each of ours is. */
public final class MedianTable {
    private static final int WIDE = 1000;

    private final String title;
    private final Map<String, List<Double>> rounds = new LinkedHashMap<>();

    /** @param title what was measured, with its unit */
    public MedianTable(String title) {
        this.title = title;
    }

    /** Adds what a contestant did in one round; those whose names begin with {@code mutil} are ours. */
    public void add(String contestant, double value) {
        rounds.computeIfAbsent(contestant, none -> new ArrayList<>()).add(value);
    }

    /** Whether nothing was measured. */
    public boolean isEmpty() {
        return rounds.isEmpty();
    }

    /** Of a contestant that has something. */
    double median(String contestant) {
        return Percentiles.median(rounds.getOrDefault(contestant, List.of()));
    }

    @Override
    public String toString() {
        var text = new StringBuilder(title).append(String.format(Locale.ROOT, ", median of %d%n", count()));
        text.append(String.format(Locale.ROOT, "  %-20s %12s", "contestant", ""));
        ours().forEach(ours -> text.append(String.format(Locale.ROOT, " %19s", ours + " /")));
        text.append(String.format("  rounds%n"));
        rounds.keySet().forEach(contestant -> line(text, contestant));
        return text.toString();
    }

    private int count() {
        return rounds.values().stream().mapToInt(List::size).max().orElse(0);
    }

    private List<String> ours() {
        return rounds.keySet().stream()
                .filter(name -> name.startsWith(RatioTable.OURS))
                .toList();
    }

    private void line(StringBuilder text, String contestant) {
        text.append(String.format(Locale.ROOT, "  %-20s %12s", contestant, number(median(contestant))));
        for (String ours : ours()) {
            String ratio = ours.equals(contestant)
                    ? ""
                    : String.format(Locale.ROOT, "%.2f", median(ours) / median(contestant));
            text.append(String.format(Locale.ROOT, " %19s", ratio));
        }
        text.append(rounds.getOrDefault(contestant, List.of()).stream()
                .map(MedianTable::number)
                .collect(Collectors.joining("  ", "  ", System.lineSeparator())));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < WIDE ? "%.1f" : "%,.0f", value);
    }
}
