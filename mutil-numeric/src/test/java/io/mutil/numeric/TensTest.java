package io.mutil.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Positive;
import org.junit.jupiter.api.Test;

class TensTest {
    @Property(tries = 5_000)
    void divisionIsThatOfTheJdk(@ForAll long dividend, @ForAll @Positive long divisor) {
        assertThat(Tens.floorDiv(dividend, divisor)).isEqualTo(Math.floorDiv(dividend, divisor));
    }

    @Property(tries = 5_000)
    void divisionBesideMultiplesIsThatOfTheJdk(
            @ForAll @LongRange(min = -(1L << 30), max = 1L << 30) long quotient,
            @ForAll @LongRange(min = 1, max = 1L << 24) long divisor,
            @ForAll @LongRange(min = -1, max = 1) long beside) {
        long dividend = quotient * divisor + beside;

        assertThat(Tens.floorDiv(dividend, divisor)).isEqualTo(Math.floorDiv(dividend, divisor));
    }

    @Test
    void divisionAtTheEndOfExactDoublesIsThatOfTheJdk() {
        for (long divisor = 1; divisor < 1_000; divisor++) {
            for (long dividend = Tens.EXACT - 50; dividend < Tens.EXACT + 50; dividend++) {
                assertThat(Tens.floorDiv(dividend, divisor)).isEqualTo(Math.floorDiv(dividend, divisor));
                assertThat(Tens.floorDiv(-dividend, divisor)).isEqualTo(Math.floorDiv(-dividend, divisor));
            }
        }
    }

    @Test
    void digitsAreCounted() {
        assertThat(Tens.digits(0)).isEqualTo(1);
        assertThat(Tens.digits(Long.MAX_VALUE)).isEqualTo(19);
        for (int exponent = 0; exponent <= Tens.LONGEST; exponent++) {
            assertThat(Tens.digits(Tens.of(exponent))).isEqualTo(exponent + 1);
            assertThat(Tens.digits(Tens.of(exponent) - 1)).isEqualTo(Math.max(exponent, 1));
        }
    }
}
