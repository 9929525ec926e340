package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    private static String text(double value, int decimals, boolean small) {
        var to = new Buffer(null);
        Numbers.write(value, decimals, false, small, to);
        return to.toString();
    }

    private static String text(BigDecimal value, int decimals, boolean grouped) {
        var to = new Buffer(null);
        Numbers.write(value, decimals, grouped, true, to);
        return to.toString();
    }

    private static String exact(double value, int decimals) {
        return new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    }

    @Property
    void doublesAreRoundedByTheirExactValue(
            @ForAll @DoubleRange(min = -1e14, max = 1e14) double value,
            @ForAll @IntRange(min = 0, max = 15) int decimals) {
        assertThat(text(value, decimals, false)).isEqualTo(exact(value, decimals));
    }

    @Property
    void doublesBesideATieAreToo(
            @ForAll @IntRange(min = -3, max = 3) int away,
            @ForAll @IntRange(min = 0, max = 2_000_000) int halves,
            @ForAll @IntRange(min = 0, max = 6) int decimals) {
        double value = (halves + 0.5) / Math.pow(10, decimals);
        for (int i = 0; i < Math.abs(away); i++) {
            value = away < 0 ? Math.nextDown(value) : Math.nextUp(value);
        }

        assertThat(text(value, decimals, false)).isEqualTo(exact(value, decimals));
    }

    @Property
    void theDecimalsOfADoubleWriteItCompletely(
            @ForAll @IntRange int unscaled, @ForAll @IntRange(min = 0, max = 6) int scale) {
        double value = BigDecimal.valueOf(unscaled, scale).doubleValue();

        int decimals = Numbers.decimals(value, 6);

        assertThat(Double.parseDouble(text(value, decimals, true))).isEqualTo(value);
        assertThat(decimals).isLessThanOrEqualTo(Math.max(1, scale));
    }

    @Property
    void theDecimalsOfAFloatWriteItCompletely(@ForAll @IntRange(min = -99_999, max = 99_999) int unscaled) {
        float value = unscaled / 1000f;

        assertThat(Float.parseFloat(text(value, Numbers.decimals(value, 6), true)))
                .isEqualTo(value);
        assertThat(Numbers.decimals(value, 6)).isLessThanOrEqualTo(3);
    }

    @Property
    void anExponentLosesNoDigit(@ForAll double value) {
        if (Math.abs(value) >= 1e15 && Math.abs(value) <= Double.MAX_VALUE) {
            assertThat(Double.parseDouble(text(value, 2, true))).isEqualTo(value);
        }
    }

    @Test
    void aFloatHasTheDigitsOfAFloat() {
        var to = new Buffer(null);

        Numbers.write(1e-10f, 6, false, true, to);
        to.add(' ');
        Numbers.write(-1.1e20f, 6, false, true, to);

        assertThat(to).hasToString("1.0E-10 -1.1E20");
    }

    @ParameterizedTest
    @CsvSource({
        "1.005, 2, true, 1.00",
        "0.125, 2, true, 0.12",
        "0.375, 2, true, 0.38",
        "9.999, 2, true, 10.00",
        "-0.001, 2, false, 0.00",
        "-0.0, 1, true, 0.0",
        "1e-9, 6, true, 1.0E-9",
        "1e-9, 6, false, 0.000000",
        "-1.5e-9, 6, true, -1.5E-9",
        "1e15, 2, true, 1.0E15",
        "999999999999999.9, 1, true, 999999999999999.9",
        "1.7976931348623157E308, 2, true, 1.7976931348623157E308",
        "4.9E-324, 2, true, 5.0E-324",
        "NaN, 2, true, NaN",
        "-Infinity, 2, true, -Infinity",
        "3, 0, true, 3",
        "2E23, 2, true, 2.0E23"
    })
    void doublesAreShownAs(double value, int decimals, boolean small, String shown) {
        assertThat(text(value, decimals, small)).isEqualTo(shown);
    }

    @Test
    void largeExactDecimalsStayExact() {
        assertThat(text(new BigDecimal("-12345678901234567890.125"), 2, true))
                .isEqualTo("-12,345,678,901,234,567,890.12");
        assertThat(text(new BigDecimal("1E+1000000"), 2, false)).isEqualTo("1.0E1000000");
        assertThat(text(new BigDecimal("1E-1000000"), 2, false)).isEqualTo("1.0E-1000000");
        assertThat(text(new BigDecimal("0E-1000000"), 2, false)).isEqualTo("0.00");
        assertThat(text(new BigDecimal("-0.001"), 2, false)).isEqualTo("-1.0E-3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0;0",
                "999;999",
                "1000;1,000",
                "-1234567;-1,234,567",
                "9223372036854775807;9,223,372,036,854,775,807",
                "-9223372036854775808;-9,223,372,036,854,775,808"
            })
    void threeDigitsAreGrouped(long value, String shown) {
        var to = new Buffer(null);

        Numbers.write(value, true, to);
        to.add(' ');
        Numbers.write(BigInteger.valueOf(value).toString(), true, to);

        assertThat(to).hasToString(shown + " " + shown);
    }

    @Property
    void wholeNumbersAreThemselves(@ForAll long value) {
        var to = new Buffer(null);

        Numbers.write(value, false, to);

        assertThat(to).hasToString(Long.toString(value));
    }
}
