package io.mutil.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the Python library rounded. */
class RoundingVectorsTest {
    private static final String REFUSED = "refused";

    /** The digits that decimals of Python have unless told otherwise. */
    private static final int PYTHON_DIGITS = 28;

    record Row(String increment, String price, String direction, int decimals, String kind, String result) {
        boolean isFinite() {
            return price.matches("[-+0-9.Ee]+");
        }

        BigDecimal step() {
            return new BigDecimal(increment);
        }

        BigDecimal value() {
            return new BigDecimal(price);
        }

        RoundingMode mode() {
            return switch (direction) {
                case "UP" -> RoundingMode.CEILING;
                case "DOWN" -> RoundingMode.FLOOR;
                default -> RoundingMode.HALF_EVEN;
            };
        }

        BigDecimal model() {
            return Model.round(value(), BigDecimal.ZERO, step(), mode());
        }

        boolean hasModel() {
            return isFinite() && step().signum() > 0;
        }
    }

    private static final List<Deviations.Rule<Row>> RULES = List.of(
            new Deviations.Rule<>(
                    "no multiple is near what is no number",
                    row -> row.price.equalsIgnoreCase("nan") && !row.direction.equals("NEAR"),
                    row -> REFUSED),
            new Deviations.Rule<>(
                    "a negative increment does not exchange up and down",
                    row -> row.step().signum() < 0 && row.isFinite(),
                    row -> REFUSED),
            new Deviations.Rule<>(
                    "more than 28 digits do not fail, nor lose what is added to them",
                    row -> row.hasModel() && needsManyDigits(row),
                    row -> plain(row.model())),
            new Deviations.Rule<>(
                    "no second rounding, which would leave the grid",
                    row -> row.hasModel()
                            && row.model().compareTo(row.value()) != 0
                            && row.model().stripTrailingZeros().scale() > row.decimals,
                    row -> plain(row.model())));

    private static boolean needsManyDigits(Row row) {
        BigDecimal half = row.step().divide(BigDecimal.valueOf(2));
        return row.value()
                                .divideToIntegralValue(row.step())
                                .abs()
                                .compareTo(BigDecimal.ONE.movePointRight(PYTHON_DIGITS))
                        >= 0
                || row.value().add(half).precision() > PYTHON_DIGITS
                || row.model().setScale(row.decimals, RoundingMode.HALF_EVEN).precision() > PYTHON_DIGITS;
    }

    private static Stream<Row> rows() throws IOException {
        return Stream.concat(
                Deviations.rows("numeric_roundnear.tsv")
                        .map(cells ->
                                new Row(cells[1], cells[3], cells[4], Integer.parseInt(cells[5]), cells[6], cells[7])),
                Deviations.rows("numeric_roundnear5_10.tsv")
                        .map(cells -> new Row(
                                cells[0].equals("5") ? "0.05" : "0.1", cells[2], cells[3], 2, cells[4], cells[5])));
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static String theirs(Row row) {
        boolean number = row.kind.equals("decimal") && !row.result.equals("NaN");
        return number ? plain(new BigDecimal(row.result)) : row.kind.equals("error") ? REFUSED : row.result;
    }

    private static String ours(Row row) {
        try {
            Grid grid = Grid.of(row.increment);
            if (!row.isFinite()) {
                return "" + grid.round(real(row.price), row.mode());
            }
            BigDecimal rounded = grid.round(row.value(), row.mode());
            assertThat(rounded.scale())
                    .as("%s", row)
                    .isEqualTo(Math.max(row.step().scale(), 0));
            return plain(rounded);
        } catch (IllegalArgumentException e) {
            return REFUSED;
        }
    }

    private static double real(String price) {
        return switch (price) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(price);
        };
    }

    @Test
    void everyRowIsEqualOrARuleSaysWhatItIs() throws IOException {
        var deviations = new Deviations<>(RULES);

        rows().forEach(row -> deviations.check(row, theirs(row), ours(row)));

        deviations.checkEachRuleIsNeeded();
        assertThat(rows()).hasSize(4_371 + 350);
    }

    @Test
    void doublesAreTheNearestToTheDecimals() throws IOException {
        rows().filter(Row::hasModel).forEach(row -> {
            double price = Double.parseDouble(row.price);
            BigDecimal exact = Model.meant(price, BigDecimal.ZERO, new BigDecimal(row.increment));
            double rounded = Grid.of(row.increment).round(exact, row.mode()).doubleValue() + 0.0;

            assertThat(Grid.of(row.increment).round(price, row.mode()))
                    .as("%s", row)
                    .isEqualTo(rounded);
            assertThat(Rounding.roundToMultiple(price, Double.parseDouble(row.increment), row.mode()))
                    .as("%s", row)
                    .isEqualTo(rounded);
        });
    }
}
