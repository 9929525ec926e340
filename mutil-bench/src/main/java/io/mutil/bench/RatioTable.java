package io.mutil.bench;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The scores of one suite as text: a line for each contestant, and how many times its speed ours is. */
final class RatioTable {
    /** The contestant that is ours; everybody else in a suite is a peer. */
    static final String OURS = "mutil";

    private final String suite;
    private final List<Score> scores;

    RatioTable(String suite, List<Score> scores) {
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
        line(text, "", "contestant", "score", isCounted() ? "MB/s" : "", "ours / peer");
        byParameters().values().forEach(row -> lines(text, row));
        return text.toString();
    }

    /** Whether there is a rate in bytes beside the score. */
    private boolean isCounted() {
        return scores.stream().anyMatch(score -> score.megabytes() > 0 && score.megabytes() != score.perSecond());
    }

    private Map<String, List<Score>> byParameters() {
        return scores.stream()
                .collect(Collectors.groupingBy(Score::parameters, LinkedHashMap::new, Collectors.toList()));
    }

    private void lines(StringBuilder text, Collection<Score> row) {
        Score ours = row.stream()
                .filter(score -> score.contestant().equals(OURS))
                .findFirst()
                .orElse(null);
        if (ours != null) {
            line(text, ours, "");
        }
        row.stream()
                .filter(score -> !score.contestant().equals(OURS))
                .forEach(peer -> line(text, peer, ratio(ours, peer)));
    }

    private static String ratio(@Nullable Score ours, Score peer) {
        return ours == null ? "-" : String.format(Locale.ROOT, "%.2f", ours.perSecond() / peer.perSecond());
    }

    private void line(StringBuilder text, Score score, String ratio) {
        String megabytes = isCounted() ? number(score.megabytes()) : "";
        line(text, score.parameters(), score.contestant(), number(score.perSecond()), megabytes, ratio);
    }

    private static String number(double perSecond) {
        return String.format(Locale.ROOT, "%,.0f", perSecond);
    }

    private void line(
            StringBuilder text, String parameters, String contestant, String score, String megabytes, String ratio) {
        String room = "  %-" + parametersWidth() + "s %-20s %15s %9s %12s";
        text.append(String.format(Locale.ROOT, room, parameters, contestant, score, megabytes, ratio)
                        .stripTrailing())
                .append(System.lineSeparator());
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
            case "DataflowSuite", "RingSuite" -> "items/s";
            case "PipeSuite", "OneWaySuite" -> "frames/s";
            case "RoundTripSuite" -> "round trips/s";
            case "FileSuite" -> "MB/s";
            default -> "operations/s";
        };
    }
}
