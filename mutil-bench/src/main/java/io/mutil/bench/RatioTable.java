package io.mutil.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The scores of one suite as text: a line for each contestant, and how many times its speed ours is. */
public final class RatioTable {
    /** The contestant that is ours; everybody else in a suite is a peer. */
    public static final String OURS = "mutil";

    private final String suite;
    private final List<Score> scores;

    /** @param suite simple name of the class that measured */
    public RatioTable(String suite, List<Score> scores) {
        this.suite = suite;
        this.scores = List.copyOf(scores);
    }

    /** Puts the scores of each suite into a table of its own, in the order they came. */
    static Collector<Score, ?, List<RatioTable>> bySuite() {
        return Collectors.collectingAndThen(
                Collectors.groupingBy(Score::suite, LinkedHashMap::new, Collectors.toList()),
                suites -> suites.entrySet().stream()
                        .map(suite -> new RatioTable(suite.getKey(), suite.getValue()))
                        .toList());
    }

    @Override
    public String toString() {
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s, %s, median of %d iterations%n",
                suite,
                unit(suite),
                scores.get(0).iterations()));
        List<Column> columns = columns();
        line(text, "", "contestant", columns, Column::heading, "ours / peer");
        byParameters().values().forEach(row -> lines(text, columns, row));
        return text.toString();
    }

    private record Column(String heading, ToDoubleFunction<Score> value) {
        String of(Score score) {
            return String.format(Locale.ROOT, "%,.0f", value.applyAsDouble(score));
        }
    }

    private List<Column> columns() {
        var columns = new ArrayList<>(List.of(new Column("score", Score::perSecond)));
        // a rate in bytes beside the score
        if (any(score -> score.megabytes() > 0 && score.megabytes() != score.perSecond())) {
            columns.add(new Column("MB/s", Score::megabytes));
        }
        if (any(score -> score.allocated() > 0)) {
            columns.add(new Column("ns each", score -> 1e9 / score.perSecond()));
            columns.add(new Column("B each", Score::allocated));
        }
        return columns;
    }

    private boolean any(Predicate<Score> test) {
        return scores.stream().anyMatch(test);
    }

    private Map<String, List<Score>> byParameters() {
        return scores.stream()
                .collect(Collectors.groupingBy(Score::parameters, LinkedHashMap::new, Collectors.toList()));
    }

    private void lines(StringBuilder text, List<Column> columns, Collection<Score> row) {
        Score ours = row.stream()
                .filter(score -> score.contestant().equals(OURS))
                .findFirst()
                .orElse(null);
        if (ours != null) {
            line(text, columns, ours, "");
        }
        row.stream()
                .filter(score -> !score.contestant().equals(OURS))
                .forEach(peer -> line(text, columns, peer, ratio(ours, peer)));
    }

    private static String ratio(@Nullable Score ours, Score peer) {
        return ours == null ? "-" : String.format(Locale.ROOT, "%.2f", ours.perSecond() / peer.perSecond());
    }

    private void line(StringBuilder text, List<Column> columns, Score score, String ratio) {
        line(text, score.parameters(), score.contestant(), columns, column -> column.of(score), ratio);
    }

    private void line(
            StringBuilder text,
            String parameters,
            String contestant,
            List<Column> columns,
            Function<Column, String> cell,
            String ratio) {
        var line = new StringBuilder(
                String.format(Locale.ROOT, "  %-" + parametersWidth() + "s %-20s", parameters, contestant));
        columns.forEach(column -> line.append(String.format(Locale.ROOT, " %15s", cell.apply(column))));
        line.append(String.format(Locale.ROOT, " %12s", ratio));
        text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }

    private int parametersWidth() {
        return Math.max(
                1,
                scores.stream()
                        .mapToInt(score -> score.parameters().length())
                        .max()
                        .orElse(0));
    }

    /** What one operation of the suite is; its class says more. */
    private static String unit(String suite) {
        return switch (suite) {
            case "FrameDecodeSuite", "FrameEncodeSuite" -> "MiB/s";
            case "JsonDecodeSuite", "JsonEncodeSuite" -> "numbers/s";
            case "DataflowSuite", "RingSuite", "ProcessSuite" -> "items/s";
            case "PipeSuite", "OneWaySuite" -> "frames/s";
            case "RoundTripSuite" -> "round trips/s";
            case "FileSuite" -> "MB/s";
            case "TouchSuite" -> "touches/s";
            case "NewKeySuite" -> "keys/s";
            case "MemoryHitSuite", "DiskHitSuite" -> "answers/s";
            case "RateLimitSuite" -> "attempts/s";
            case "StepSuite" -> "steps/s";
            case "SectionSuite" -> "sections/s";
            case "FormatSuite" -> "tables/s";
            case "SignSuite" -> "signatures/s";
            case "RoundingSuite", "PriceFormatSuite" -> "prices/s";
            case "CompletionSuite" -> "results/s";
            case "CommandSuite" -> "lines/s";
            case "CommandTableSuite" -> "tables/s";
            case "FanoutDriver" -> "deliveries/s";
            default -> "operations/s";
        };
    }
}
