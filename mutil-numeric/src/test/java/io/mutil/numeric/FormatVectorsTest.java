package io.mutil.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What the Python library printed. */
class FormatVectorsTest {
    /** The digits that decimals of Python have unless told otherwise. */
    private static final int PYTHON_DIGITS = 28;

    private static final BigDecimal HIDDEN_BELOW = new BigDecimal("0.005");

    record Row(String type, String x, int padding, int decimals, String result) {
        boolean isFinite() {
            return x.matches("[-+0-9.Ee]+");
        }

        boolean isDouble() {
            return type.equals("F");
        }

        BigDecimal value() {
            return new BigDecimal(x);
        }

        /** What Python calls the exponent, without its sign. */
        int places() {
            return Math.abs(value().scale());
        }

        int exponent() {
            return value().precision() - value().scale() - 1;
        }

        /** How many decimals they mean to print. */
        int shown() {
            return Math.max(2, Math.min(decimals, places()));
        }

        /** How many digits they ask for. */
        int digits() {
            return shown() + value().precision() - places();
        }

        int mostDecimals() {
            return Math.max(2, decimals);
        }

        String model() {
            return model(value());
        }

        String model(BigDecimal value) {
            String text = Model.text(value, 2, mostDecimals(), true, RoundingMode.HALF_EVEN);
            return " ".repeat(Math.max(0, padding - text.length())) + text;
        }

        int modelDecimals() {
            return model().length() - model().indexOf('.') - 1;
        }

        String notFinite() {
            String name = x.toLowerCase(Locale.ROOT).replaceFirst("^(-?)inf$", "$1infinity");
            String text = name.equals("nan") ? "NaN" : name.replace("infinity", "Infinity");
            return " ".repeat(Math.max(0, padding - text.length())) + text;
        }
    }

    private static Deviations.Rule<Row> rule(String why, Predicate<Row> covers) {
        return new Deviations.Rule<>(why, row -> row.isFinite() && covers.test(row), Row::model);
    }

    private static final Deviations.Rule<Row> NOT_FINITE =
            new Deviations.Rule<>("what is no number has a name", row -> !row.isFinite(), Row::notFinite);

    private static final Deviations.Rule<Row> FROM_THE_SHORTEST = rule(
            "a double is rounded from its shortest decimal",
            row -> row.isDouble()
                    && !row.model(new BigDecimal(Double.parseDouble(row.x))).equals(row.model()));

    private static final List<Deviations.Rule<Row>> RULES = List.of(
            NOT_FINITE,
            rule("zero has no sign", row -> row.x.startsWith("-") && row.model().matches("0\\.0*")),
            rule(
                    "never an exponent",
                    row -> row.places() > 2
                            && (row.exponent() < (row.isDouble() ? -4 : -6)
                                    || row.exponent() >= Math.max(1, row.digits()))),
            rule("no more decimals than were asked for", row -> row.places() > 2 && row.digits() < 1),
            FROM_THE_SHORTEST,
            rule(
                    "two decimals at least",
                    row -> row.isDouble() && row.places() > 2 && row.model().matches(".*\\.\\d0")),
            rule(
                    "a decimal keeps no zeros",
                    row -> !row.isDouble() && row.places() > 2 && row.modelDecimals() < row.shown()));

    private static final List<Deviations.Rule<Row>> PADDED_RULES = List.of(
            NOT_FINITE,
            rule("zero is a price", row -> row.value().signum() == 0),
            rule("small prices have their decimals", row -> row.value().abs().compareTo(HIDDEN_BELOW) < 0),
            rule(
                    "two decimals at least, and they are right",
                    row -> row.decimals < 2 && row.value().scale() > row.decimals),
            rule("never an exponent", row -> row.isDouble() && row.value().scale() < -2),
            rule(
                    "more than 28 digits do not fail",
                    row -> row.type.equals("D")
                            && row.value().precision() - row.value().scale() + row.decimals > PYTHON_DIGITS),
            FROM_THE_SHORTEST,
            rule(
                    "a decimal keeps no zeros",
                    row -> row.type.equals("D") && row.decimals > 2 && row.modelDecimals() < row.decimals));

    private static String ours(Row row) {
        PriceFormat format =
                PriceFormat.builder().decimals(2, row.mostDecimals()).build().padded(Math.max(row.padding, 0));
        if (row.type.equals("N")) {
            return format.format((BigDecimal) null);
        }
        if (!row.isFinite()) {
            return format.format(
                    row.x.equalsIgnoreCase("nan")
                            ? Double.NaN
                            : row.x.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        return switch (row.type) {
            case "F" -> format.format(Double.parseDouble(row.x));
            case "I" -> format.format(Long.parseLong(row.x));
            default -> format.format(row.value());
        };
    }

    @Test
    void everyRowIsEqualOrARuleSaysWhatItIs() throws IOException {
        var deviations = new Deviations<>(RULES);

        Deviations.rows("numeric_fmtprice.tsv")
                .map(cells -> new Row(cells[0], cells[1], 0, Integer.parseInt(cells[2]), cells[4]))
                .forEach(row -> deviations.check(row, row.result, ours(row)));

        deviations.checkEachRuleIsNeeded();
        assertThat(Deviations.rows("numeric_fmtprice.tsv")).hasSize(1_800);
    }

    /** Null is blank there and here; only, a width of less than one is one there. */
    @Test
    void everyPaddedRowIsEqualOrARuleSaysWhatItIs() throws IOException {
        var deviations = new Deviations<>(PADDED_RULES);

        Deviations.rows("numeric_fmtpricepad.tsv")
                .map(cells -> new Row(
                        cells[0],
                        cells[1],
                        Math.max(1, Integer.parseInt(cells[2])),
                        Integer.parseInt(cells[3]),
                        cells[5]))
                .forEach(row -> check(deviations, row));

        deviations.checkEachRuleIsNeeded();
        assertThat(Deviations.rows("numeric_fmtpricepad.tsv")).hasSize(1_800);
    }

    private static void check(Deviations<Row> deviations, Row row) {
        if (row.type.equals("N")) {
            assertThat(ours(row)).isEqualTo(row.result);
        } else {
            deviations.check(row, row.result, ours(row));
        }
    }
}
