package io.mutil.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShortestTest {
    @ParameterizedTest
    @CsvSource({
        "2.0E-3, 0.002",
        "2.2250738585072014E-308, 2.2250738585072014E-308",
        "4.9E-324, 5E-324",
        "9.9E-324, 1E-323",
        "1.0E23, 1E+23",
        "2.0E23, 2E+23",
        "9007199254740993, 9007199254740992",
        "1.7976931348623157E308, 1.7976931348623157E+308",
        "0.30000000000000004, 0.30000000000000004",
        "2.2E-322, 2.2E-322",
        "5.684341886080802E-14, 5.684341886080802E-14"
    })
    void findsTheShortest(double value, BigDecimal shortest) {
        assertThat(Shortest.of(value)).isEqualByComparingTo(shortest);
        assertThat(Shortest.of(-value)).isEqualByComparingTo(shortest.negate());
    }

    @Test
    void powersOfTwoAndTheirNeighboursAreAsTheModelHasThem() {
        for (int exponent = Double.MIN_EXPONENT - 52; exponent <= Double.MAX_EXPONENT; exponent += 3) {
            double power = Math.scalb(1.0, exponent);
            assertIsShortest(power);
            assertIsShortest(Math.nextUp(power));
            assertIsShortest(-Math.max(Math.nextDown(power), Double.MIN_VALUE));
        }
    }

    @Test
    void theSmallestDoublesAreAsTheModelHasThem() {
        for (int bits = 1; bits < 400; bits++) {
            assertIsShortest(Double.longBitsToDouble(bits));
        }
    }

    @Property(tries = 1_000)
    void anyDoubleIsAsTheModelHasIt(@ForAll @LongRange(min = Long.MIN_VALUE) long bits) {
        double value = Double.longBitsToDouble(bits);
        if (Double.isFinite(value) && value != 0) {
            assertIsShortest(value);
        }
    }

    @Property(tries = 2_000)
    void fewDigitsAreReadAsTheyWereWritten(
            @ForAll @LongRange(min = -999_999_999_999_999L, max = 999_999_999_999_999L) long digits,
            @ForAll @IntRange(min = -20, max = 40) int scale) {
        BigDecimal written = BigDecimal.valueOf(digits, scale);

        assertThat(Shortest.of(written.doubleValue())).isEqualByComparingTo(written);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0, -0.0})
    void zeroIsZero(double zero) {
        assertThat(Shortest.of(zero)).isZero();
    }

    @Test
    void logarithmsAreRightForAllExponents() {
        for (int exponent = 0; exponent <= 1_100; exponent++) {
            BigInteger two = BigInteger.TWO.pow(exponent);
            assertThat(Shortest.floorLog10OfTwo(exponent))
                    .isEqualTo(two.toString().length() - 1);
            assertThat(Shortest.floorLog2OfTen(exponent))
                    .isEqualTo(BigInteger.TEN.pow(exponent).bitLength() - 1);
        }
        for (int exponent = 2; exponent <= 1_100; exponent++) {
            BigInteger threeQuarters = BigInteger.valueOf(3).shiftLeft(exponent - 2);
            assertThat(Shortest.floorLog10OfThreeQuarters(exponent))
                    .isEqualTo(threeQuarters.toString().length() - 1);
        }
        for (int exponent = -1_100; exponent < 2; exponent++) {
            assertThat(Shortest.floorLog10OfTwo(exponent))
                    .isEqualTo(floorLog10(power(BigDecimal.valueOf(2), exponent)));
            assertThat(Shortest.floorLog10OfThreeQuarters(exponent))
                    .isEqualTo(floorLog10(power(BigDecimal.valueOf(2), exponent).multiply(new BigDecimal("0.75"))));
            assertThat(power(BigDecimal.valueOf(2), Shortest.floorLog2OfTen(exponent)))
                    .isLessThanOrEqualTo(BigDecimal.ONE.scaleByPowerOfTen(exponent));
            assertThat(power(BigDecimal.valueOf(2), Shortest.floorLog2OfTen(exponent) + 1))
                    .isGreaterThan(BigDecimal.ONE.scaleByPowerOfTen(exponent));
        }
    }

    private static BigDecimal power(BigDecimal two, int exponent) {
        return exponent < 0 ? BigDecimal.ONE.divide(two.pow(-exponent)) : two.pow(exponent);
    }

    private static int floorLog10(BigDecimal value) {
        return value.precision() - value.scale() - 1;
    }

    private static void assertIsShortest(double value) {
        assertThat(Shortest.of(value)).as("%s", value).isEqualByComparingTo(Model.shortest(value));
        assertThat(BigDecimal.valueOf(Shortest.digits(value), -Shortest.exponent(value)))
                .as("%s", value)
                .isEqualByComparingTo(Model.shortest(value));
    }
}
