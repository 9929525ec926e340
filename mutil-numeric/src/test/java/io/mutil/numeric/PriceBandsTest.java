package io.mutil.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.NavigableSet;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PriceBandsTest {
    private static final PriceBands TICKS =
            PriceBands.below("1", "0.05").from("1", "0.25").from("2", "1").from("10", "0.5");

    /** All values up to 20 on either side of zero, by the definition: multiples of what holds there. */
    private static final NavigableSet<BigDecimal> VALUES = values();

    private static NavigableSet<BigDecimal> values() {
        var values = new TreeSet<BigDecimal>();
        for (int cents = 0; cents <= 2_000; cents++) {
            int step = cents < 100 ? 5 : cents < 200 ? 25 : cents < 1_000 ? 100 : 50;
            if (cents % step == 0) {
                values.add(BigDecimal.valueOf(cents, 2));
                values.add(BigDecimal.valueOf(-cents, 2));
            }
        }
        return values;
    }

    private static BigDecimal d(String number) {
        return new BigDecimal(number);
    }

    @Test
    void theIncrementDependsOnThePrice() {
        assertThat(TICKS.round(d("0.47"))).isEqualTo("0.45");
        assertThat(TICKS.round(d("1.30"))).isEqualTo("1.25");
        assertThat(TICKS.round(d("2.6"))).isEqualTo("3");
        assertThat(TICKS.round(d("10.6"))).isEqualTo("10.5");
        assertThat(TICKS.incrementAt(d("0.99"))).isEqualTo("0.05");
        assertThat(TICKS.incrementAt(d("-1"))).isEqualTo("0.25");
        assertThat(TICKS.incrementAt(d("1E+9"))).isEqualTo("0.5");
    }

    @Test
    void whatRoundsToAnEdgeHasTheScaleOfTheUpperBand() {
        PriceBands ticks = PriceBands.below("1", "0.0001").from("1", "0.01");

        assertThat(ticks.round(d("0.99996"))).isEqualTo("1.00");
        assertThat(ticks.roundUp(d("0.99991"))).isEqualTo("1.00");
        assertThat(ticks.previous(d("1"))).isEqualTo("0.9999");
        assertThat(ticks.next(d("0.9999"))).isEqualTo("1.00");
        assertThat(ticks.roundDown(d("-0.99991"))).isEqualTo("-1.00");
        assertThat(ticks.next(d("-1"))).isEqualTo("-0.9999");
    }

    @Test
    void stepsCrossEdges() {
        assertThat(TICKS.next(1.0)).isEqualTo(1.25);
        assertThat(TICKS.previous(1.0)).isEqualTo(0.95);
        assertThat(TICKS.next(-1.0)).isEqualTo(-0.95);
        assertThat(TICKS.previous(-1.0)).isEqualTo(-1.25);
        assertThat(TICKS.previous(0.0)).isEqualTo(-0.05);
        assertThat(TICKS.next(200, 2)).isEqualTo(300);
        assertThat(TICKS.previous(200, 2)).isEqualTo(175);
        assertThat(TICKS.previous(0, 2)).isEqualTo(-5);
    }

    @Property(tries = 3_000)
    void everyVerbIsAsTheDefinitionSays(
            @ForAll @IntRange(min = -15_000, max = 15_000) int thousandths, @ForAll RoundingMode mode) {
        BigDecimal value = BigDecimal.valueOf(thousandths, 3);
        BigDecimal floor = VALUES.floor(value);
        BigDecimal ceiling = VALUES.ceiling(value);
        BigDecimal next = VALUES.higher(value);
        BigDecimal previous = VALUES.lower(value);

        assertThat(TICKS.roundDown(value)).isEqualByComparingTo(floor);
        assertThat(TICKS.roundUp(value)).isEqualByComparingTo(ceiling);
        assertThat(TICKS.next(value)).isEqualByComparingTo(next);
        assertThat(TICKS.previous(value)).isEqualByComparingTo(previous);
        assertThat(TICKS.isOn(value)).isEqualTo(VALUES.contains(value));
        if (mode != RoundingMode.UNNECESSARY) {
            BigDecimal rounded = TICKS.round(value, mode);
            assertThat(rounded).isEqualByComparingTo(nearest(value, floor, ceiling, mode));
            assertThat(TICKS.isOn(rounded)).isTrue();
            assertThat(rounded.scale()).isEqualTo(TICKS.incrementAt(rounded).scale());
            assertThat(TICKS.round(rounded, mode)).isEqualTo(rounded);
        }
    }

    private static BigDecimal nearest(BigDecimal value, BigDecimal floor, BigDecimal ceiling, RoundingMode mode) {
        BigDecimal start = value.signum() < 0 ? ceiling : floor;
        BigDecimal step = floor.compareTo(ceiling) == 0 ? BigDecimal.ONE : ceiling.subtract(floor);
        // the bands begin at multiples of their increments, so half-even counts the same from zero
        return floor.compareTo(ceiling) == 0 ? start : Model.round(value, BigDecimal.ZERO, step, mode);
    }

    @Property(tries = 3_000)
    void doublesAndLongsAgreeWithDecimals(
            @ForAll @IntRange(min = -15_000, max = 15_000) int thousandths, @ForAll RoundingMode mode) {
        BigDecimal value = BigDecimal.valueOf(thousandths, 3);
        double real = value.doubleValue();

        assertThat(TICKS.next(real)).isEqualTo(TICKS.next(value).doubleValue());
        assertThat(TICKS.previous(real)).isEqualTo(TICKS.previous(value).doubleValue());
        assertThat(TICKS.isOn(real)).isEqualTo(TICKS.isOn(value));
        assertThat(TICKS.next(thousandths, 3)).isEqualTo(unscaled(TICKS.next(value)));
        assertThat(TICKS.previous(thousandths, 3)).isEqualTo(unscaled(TICKS.previous(value)));
        assertThat(TICKS.isOn(thousandths, 3)).isEqualTo(TICKS.isOn(value));
        if (mode != RoundingMode.UNNECESSARY) {
            assertThat(TICKS.round(real, mode))
                    .isEqualTo(TICKS.round(value, mode).doubleValue());
            assertThat(TICKS.round(thousandths, 3, mode)).isEqualTo(unscaled(TICKS.round(value, mode)));
        }
    }

    private static long unscaled(BigDecimal value) {
        return value.movePointRight(3).longValueExact();
    }

    @Test
    void zeroIsNeverNegative() {
        assertThat(Double.doubleToRawLongBits(TICKS.round(-0.01))).isZero();
        assertThat(Double.doubleToRawLongBits(TICKS.round(-0.0))).isZero();
    }

    @Test
    void theEndsOfLongsAreReached() {
        assertThat(TICKS.roundUp(Long.MIN_VALUE, 18)).isEqualTo(-9_000_000_000_000_000_000L);
        assertThat(TICKS.isOn(Long.MIN_VALUE, 2)).isFalse();
        PriceBands eights = PriceBands.below("8", "0.08").from("8", "0.08");
        assertThat(eights.roundDown(-Long.MAX_VALUE, 2)).isEqualTo(Long.MIN_VALUE);
        assertThatThrownBy(() -> eights.roundUp(Long.MAX_VALUE, 2))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("from 92233720368547758.07 in " + eights);
        assertThatThrownBy(() -> eights.previous(Long.MIN_VALUE, 2)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> TICKS.roundDown(Long.MIN_VALUE, 18))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("does not fit in a long");
    }

    @Test
    void unnecessaryRefusesWhatIsOffTheGrid() {
        assertThat(TICKS.round(1.25, RoundingMode.UNNECESSARY)).isEqualTo(1.25);
        assertThatThrownBy(() -> TICKS.round(1.05, RoundingMode.UNNECESSARY))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("multiples of 0.05, from 1 of 0.25");
    }

    @Test
    void theScaleOfALongMustHoldTheFinestBand() {
        assertThatIllegalArgumentException().isThrownBy(() -> TICKS.round(5, 1)).withMessageContaining("from 2 to 18");
    }

    @Test
    void bandsMeetWhereBothHaveAValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceBands.below("1", "0.03"))
                .withMessageContaining("limit must be one of the multiples of 0.03, was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceBands.below("1", "0.05").from("1", "0.3"))
                .withMessageContaining("price must be one of the multiples of 0.3, was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TICKS.from("10.7", "0.1"))
                .withMessageContaining("multiples of 0.5");
    }

    @Test
    void bandsFollowEachOther() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceBands.below("1", "0.05").from("2", "0.5"))
                .withMessage("price must be 1, where the band below ends, was 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TICKS.from("10", "0.1"))
                .withMessageContaining("price must be greater than 10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceBands.below("0", "0.05"))
                .withMessage("limit must be positive, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceBands.below("1.0000000000000001", "0.0000000000000001"))
                .withMessageContaining("at most 15 digits");
    }

    @Test
    void anImmutableValue() {
        PriceBands ticks = PriceBands.below("1", "0.05").from("1", "0.25");
        PriceBands same = PriceBands.below("1", "0.05").from("1", "0.25");

        assertThat(ticks.from("2", "1")).isNotEqualTo(ticks);
        assertThat(same).isEqualTo(ticks).hasSameHashCodeAs(ticks);
        assertThat(ticks).hasToString("multiples of 0.05, from 1 of 0.25");
    }
}
