package io.mutil.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GridTest {
    private final Grid ticks = Grid.of("0.05");

    private static BigDecimal d(String number) {
        return new BigDecimal(number);
    }

    @Test
    void tiesGoToTheEvenMultiple() {
        assertThat(ticks.round(d("0.025"))).isEqualTo("0.00");
        assertThat(ticks.round(d("0.075"))).isEqualTo("0.10");
        assertThat(ticks.round(-0.075)).isEqualTo(-0.1);
        assertThat(ticks.round(1_025, 3)).isEqualTo(1_000);
    }

    /** The examples of the original. */
    @ParameterizedTest
    @CsvSource({"0.24, 0.28, 0.21", "0.01, 0.07, 0.00", "-0.01, 0.00, -0.07"})
    void upAndDownAreTowardsTheInfinities(String price, String up, String down) {
        Grid sevens = Grid.of("0.07");

        assertThat(sevens.roundUp(d(price))).isEqualTo(up);
        assertThat(sevens.roundDown(d(price))).isEqualTo(down);
        assertThat(sevens.roundUp(Double.parseDouble(price))).isEqualTo(Double.parseDouble(up));
        assertThat(sevens.roundDown(Double.parseDouble(price))).isEqualTo(Double.parseDouble(down));
    }

    @Test
    void modesUpAndDownAreAboutZero() {
        assertThat(ticks.round(d("-0.01"), RoundingMode.UP)).isEqualTo("-0.05");
        assertThat(ticks.round(d("-0.01"), RoundingMode.DOWN)).isEqualTo("0.00");
        assertThat(ticks.round(-0.01, RoundingMode.UP)).isEqualTo(-0.05);
        assertThat(ticks.round(-1, 2, RoundingMode.DOWN)).isZero();
    }

    @Test
    void resultsHaveTheScaleOfTheIncrement() {
        assertThat(Grid.of("0.050").round(d("1.03"))).isEqualTo("1.050");
        assertThat(Grid.of("1E+2").round(d("1021.7"))).isEqualTo("1000");
        assertThat(Grid.of("0.05").round(d("5"))).isEqualTo("5.00");
        assertThat(Grid.of("0.05").startingAt("0.001").roundUp(d("1"))).isEqualTo("1.001");
        assertThat(ticks.round(d("1E+3"))).isEqualTo("1000.00");
    }

    @Test
    void aGridMayStartElsewhere() {
        Grid odd = Grid.of("0.10").startingAt("0.05");

        assertThat(odd.isOn(d("0.15"))).isTrue();
        assertThat(odd.isOn(0.1)).isFalse();
        assertThat(odd.isOn(-25, 2)).isTrue();
        assertThat(odd.next(0.15)).isEqualTo(0.25);
        assertThat(odd.previous(d("0.05"))).isEqualTo("-0.05");
    }

    @Test
    void whereZeroIsBetweenDownIsWhatIsNearerToIt() {
        Grid odd = Grid.of("0.10").startingAt("0.03");

        for (String between : new String[] {"-0.06", "-0.01", "0", "0.02"}) {
            assertThat(odd.round(d(between), RoundingMode.DOWN)).isEqualTo("0.03");
            assertThat(odd.round(d(between), RoundingMode.UP)).isEqualTo("-0.07");
            assertThat(odd.round(Double.parseDouble(between), RoundingMode.DOWN))
                    .isEqualTo(0.03);
            assertThat(odd.round(d(between).movePointRight(2).longValue(), 2, RoundingMode.UP))
                    .isEqualTo(-7);
        }
        assertThat(odd.round(d("-0.02"), RoundingMode.HALF_UP)).isEqualTo("-0.07");
        assertThat(odd.round(d("-0.02"), RoundingMode.HALF_DOWN)).isEqualTo("0.03");
        assertThat(Grid.of("0.10").startingAt("0.05").round(0.0, RoundingMode.UP))
                .isEqualTo(0.05);
    }

    @Test
    void aDoubleOfManyDigitsIsTheValueOfTheGridThatReadsBackAsIt() {
        Grid parts = Grid.of("0.00390625");
        double value = 1e9 + 1.0 / 256;
        double quarters = 2e15 + 0.75;

        assertThat(parts.isOn(value)).isTrue();
        assertThat(parts.round(value, RoundingMode.UNNECESSARY)).isEqualTo(value);
        assertThat(parts.roundDown(value)).isEqualTo(value);
        assertThat(parts.next(value)).isEqualTo(1_000_000_000.0078125);
        assertThat(parts.previous(value)).isEqualTo(1_000_000_000.0);
        assertThat(Grid.of("0.25").roundUp(quarters)).isEqualTo(quarters);
        assertThat(Rounding.roundToMultiple(value, 0.00390625, RoundingMode.FLOOR))
                .isEqualTo(value);
    }

    @Test
    void nextAndPreviousAreBeyondTheValue() {
        assertThat(ticks.next(d("1.05"))).isEqualTo("1.10");
        assertThat(ticks.next(d("1.06"))).isEqualTo("1.10");
        assertThat(ticks.previous(d("1.05"))).isEqualTo("1.00");
        assertThat(ticks.previous(d("1.06"))).isEqualTo("1.05");
        assertThat(ticks.next(-5, 2)).isZero();
        assertThat(ticks.previous(0.0)).isEqualTo(-0.05);
    }

    @Test
    void aDoubleIsItsShortestDecimal() {
        assertThat(ticks.isOn(0.15)).isTrue();
        assertThat(ticks.isOn(0.1 + 0.2)).isFalse();
        assertThat(ticks.round(0.1 + 0.2)).isEqualTo(0.3);
        assertThat(ticks.roundUp(0.1 + 0.2)).isEqualTo(0.35);
        assertThat(Grid.of("0.01").roundUp(1.005)).isEqualTo(1.01);
        assertThat(ticks.roundUp(Double.MIN_VALUE)).isEqualTo(0.05);
        assertThat(ticks.roundDown(-1e-300)).isEqualTo(-0.05);
    }

    @Test
    void zeroIsNeverNegative() {
        assertThat(Double.doubleToRawLongBits(ticks.round(-0.01))).isZero();
        assertThat(Double.doubleToRawLongBits(ticks.round(-0.0))).isZero();
        assertThat(Double.doubleToRawLongBits(ticks.next(-0.05))).isZero();
    }

    @Test
    void unnecessaryRefusesWhatIsOffTheGrid() {
        assertThat(ticks.round(d("1.05"), RoundingMode.UNNECESSARY)).isEqualTo("1.05");
        assertThat(ticks.round(1.05, RoundingMode.UNNECESSARY)).isEqualTo(1.05);
        assertThat(ticks.round(105, 2, RoundingMode.UNNECESSARY)).isEqualTo(105);
        assertThatThrownBy(() -> ticks.round(d("1.06"), RoundingMode.UNNECESSARY))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("1.06")
                .hasMessageContaining("multiples of 0.05");
        assertThatThrownBy(() -> ticks.round(1.06, RoundingMode.UNNECESSARY)).hasMessageContaining("1.06");
        assertThatThrownBy(() -> ticks.round(106, 2, RoundingMode.UNNECESSARY)).hasMessageContaining("1.06");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void whatIsNoNumberIsRefused(double value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ticks.round(value))
                .withMessageContaining("" + value);
        assertThatIllegalArgumentException().isThrownBy(() -> ticks.round(value, RoundingMode.UP));
        assertThatIllegalArgumentException().isThrownBy(() -> ticks.roundUp(value));
        assertThatIllegalArgumentException().isThrownBy(() -> ticks.roundDown(value));
        assertThatIllegalArgumentException().isThrownBy(() -> ticks.next(value));
        assertThatIllegalArgumentException().isThrownBy(() -> ticks.previous(value));
        assertThatIllegalArgumentException().isThrownBy(() -> ticks.isOn(value));
    }

    @ParameterizedTest
    @CsvSource({
        "0, must be positive",
        "-0.05, must be positive",
        "abc, decimal number",
        "1E+2000, at most 1000",
        "1E-2000, at most 1000"
    })
    void incrementsAreChecked(String increment, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Grid.of(increment))
                .withMessageContaining("increment")
                .withMessageContaining(message);
    }

    @Test
    void theScaleOfALongMustHoldTheGrid() {
        Grid fine = Grid.of("0.0250");

        assertThat(fine.round(1_030, 3)).isEqualTo(1_025);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fine.round(103, 2))
                .withMessageContaining("from 3 to 18")
                .withMessageContaining("was 2");
        assertThatIllegalArgumentException().isThrownBy(() -> fine.isOn(103, 19));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Grid.of("1E-30").round(1L, 18))
                .withMessageContaining("have 30 decimals")
                .withMessageContaining("pass a BigDecimal");
    }

    @Test
    void aLongThatOverflowsSaysWhatToDo() {
        assertThat(ticks.roundDown(Long.MAX_VALUE, 2)).isEqualTo(Long.MAX_VALUE - 2);
        assertThat(ticks.roundUp(Long.MIN_VALUE, 2)).isEqualTo(Long.MIN_VALUE + 3);
        assertThatThrownBy(() -> ticks.roundUp(Long.MAX_VALUE, 2))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("92233720368547758.07")
                .hasMessageContaining("BigDecimal");
        assertThatThrownBy(() -> ticks.previous(Long.MIN_VALUE, 2)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void doublesTooFarApartHaveNoNext() {
        assertThat(ticks.round(1e17)).isEqualTo(1e17);
        assertThatThrownBy(() -> ticks.next(1e17))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("16.0 apart");
        assertThatThrownBy(() -> ticks.previous(-1e17)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Grid.of("1E+308").roundUp(Double.MAX_VALUE))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("beyond all doubles");
    }

    @Test
    void hugeAndTinyNumbersTakeNoMemory() {
        assertThat(ticks.roundUp(d("1E-999999999"))).isEqualTo("0.05");
        assertThat(ticks.round(d("-1E-999999999"), RoundingMode.HALF_UP)).isEqualTo("0.00");
        assertThat(ticks.isOn(d("1E-999999999"))).isFalse();
        assertThat(ticks.isOn(d("0E+999999999"))).isTrue();
        assertThatThrownBy(() -> ticks.round(d("1E+999999999")))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("1000 digits");
        assertThatThrownBy(() -> ticks.isOn(d("1E+999999999"))).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void gridsBeyondLongsAreExact() {
        Grid wide = Grid.of("1E+30");
        Grid fine = Grid.of("1E-30");

        assertThat(wide.round(1.6e30)).isEqualTo(2e30);
        assertThat(wide.roundDown(1, 0)).isZero();
        assertThatThrownBy(() -> wide.roundUp(1, 0)).isInstanceOf(ArithmeticException.class);
        assertThat(fine.roundUp(d("1E-31"))).isEqualTo(d("1E-30"));
        assertThat(fine.isOn(1.5)).isTrue();
        assertThat(fine.next(1e-20)).isEqualTo(1.0000000001e-20);
    }

    @Test
    void anImmutableValue() {
        assertThat(Grid.of("0.05")).isEqualTo(ticks).hasSameHashCodeAs(ticks).hasToString("multiples of 0.05");
        assertThat(Grid.of("0.050")).isNotEqualTo(ticks);
        assertThat(ticks.startingAt("0.01")).isNotEqualTo(ticks).hasToString("0.01 + multiples of 0.05");
        assertThat(ticks.startingAt("0.01").start()).isEqualTo("0.01");
        assertThat(ticks.startingAt("0.001").startingAt("0")).isEqualTo(ticks);
        assertThat(ticks.increment()).isEqualTo("0.05");
    }
}
