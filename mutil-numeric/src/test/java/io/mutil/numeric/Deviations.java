package io.mutil.numeric;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Holds what the Python library did against what is done here: it is equal, or a rule says what it is instead. */
final class Deviations<R> {
    /**
     * Rows that are not to be equal.
     *
     * @param why is the reason, as in the README
     * @param covers knows it from what was asked, not from what was answered
     * @param expected is worked out without the code under test
     */
    record Rule<R>(String why, Predicate<R> covers, Function<R, String> expected) {}

    private final List<Rule<R>> rules;
    private final Map<Rule<R>, Integer> differing = new HashMap<>();

    /** The first rule that covers a row counts. */
    Deviations(List<Rule<R>> rules) {
        this.rules = rules;
    }

    void check(R row, String theirs, String ours) {
        Rule<R> rule =
                rules.stream().filter(one -> one.covers().test(row)).findFirst().orElse(null);
        if (rule == null) {
            assertThat(ours).as("%s, which no rule covers", row).isEqualTo(theirs);
        } else {
            assertThat(ours)
                    .as("%s, covered by: %s", row, rule.why())
                    .isEqualTo(rule.expected().apply(row));
            differing.merge(rule, ours.equals(theirs) ? 0 : 1, Integer::sum);
        }
    }

    /** A rule that explains nothing has no place in the table. */
    void checkEachRuleIsNeeded() {
        for (Rule<R> rule : rules) {
            assertThat(differing.getOrDefault(rule, 0))
                    .as("rows that need: %s", rule.why())
                    .isPositive();
        }
    }

    /** The cells of the rows of a file. */
    static Stream<String[]> rows(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Deviations.class.getResourceAsStream("/vectors/" + name), name)) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines().skip(1).map(line -> line.split("\t", -1)).toList().stream();
        }
    }
}
