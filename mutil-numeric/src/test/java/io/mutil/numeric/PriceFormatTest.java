package io.mutil.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceFormatTest {
    private final PriceFormat prices = PriceFormat.standard();

    /** The examples of the original, and its tests. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "3.333333333333; 3.3333",
                "800000222222.333777777777777; 800,000,222,222.3337",
                "1.24; 1.24",
                "0.6791334; 0.6791",
                "800000.333; 800,000.333",
                "9000.2211999999; 9,000.2212"
            })
    void theExamplesOfTheOriginalHold(double price, String text) {
        assertThat(prices.format(price)).isEqualTo(text);
        assertThat(prices.format(-price)).isEqualTo("-" + text);
        assertThat(prices.padded(30).format(price)).isEqualTo(" ".repeat(30 - text.length()) + text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0; 0.00",
                "3; 3.00",
                "3.3; 3.30",
                "3.30000; 3.30",
                "-0.004; -0.004",
                "-0.00004; 0.00",
                "0.99996; 1.00",
                "99999.99999; 100,000.00",
                "1E+3; 1,000.00",
                "1E-30; 0.00",
                "123456789012345678901234567890.12345; 123,456,789,012,345,678,901,234,567,890.1234",
                "-1E+21; -1,000,000,000,000,000,000,000.00"
            })
    void aDecimalHasTwoToFourDecimals(BigDecimal price, String text) {
        assertThat(prices.format(price)).isEqualTo(text);
    }

    @Test
    void whatIsNoNumberIsNamed() {
        assertThat(prices.format(Double.NaN)).isEqualTo("NaN");
        assertThat(prices.format(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
        assertThat(prices.padded(12).format(Double.NEGATIVE_INFINITY)).isEqualTo("   -Infinity");
        assertThat(prices.format(-0.0)).isEqualTo("0.00");
        assertThat(prices.format((BigDecimal) null)).isEmpty();
        assertThat(prices.padded(4).format((BigDecimal) null)).isEqualTo("    ");
    }

    @Test
    void doublesAreNeverScientific() {
        assertThat(prices.format(1e-7)).isEqualTo("0.00");
        assertThat(prices.format(1e16)).isEqualTo("10,000,000,000,000,000.00");
        assertThat(prices.format(Double.MIN_VALUE)).isEqualTo("0.00");
        assertThat(prices.format(-Double.MAX_VALUE))
                .startsWith("-179,769,313,486,231,570,000,")
                .endsWith(",000.00");
    }

    @Test
    void longsAreExact() {
        assertThat(prices.format(Long.MAX_VALUE)).isEqualTo("9,223,372,036,854,775,807.00");
        assertThat(prices.format(Long.MIN_VALUE)).isEqualTo("-9,223,372,036,854,775,808.00");
        assertThat(prices.format(Long.MIN_VALUE, 18)).isEqualTo("-9.2234");
        assertThat(prices.format(-1_234_567L, 3)).isEqualTo("-1,234.567");
        assertThat(prices.format(7)).isEqualTo("7.00");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> prices.format(1, 19))
                .withMessage("scale must be from 0 to 18, was 19");
    }

    @Test
    void decimalsGroupsAndRoundingMayBeChosen() {
        PriceFormat plain = PriceFormat.builder()
                .decimals(0, 3)
                .grouping(false)
                .rounding(RoundingMode.FLOOR)
                .build();

        assertThat(plain.format(1234567.0)).isEqualTo("1234567");
        assertThat(plain.format(1.2349)).isEqualTo("1.234");
        assertThat(plain.format(-0.0001)).isEqualTo("-0.001");
        assertThat(plain.format(new BigDecimal("-1E-1000000"))).isEqualTo("-0.001");
        assertThat(PriceFormat.builder().decimals(18, 18).build().format(0.1)).isEqualTo("0.100000000000000000");
        assertThat(plain).hasToString("PriceFormat[decimals 0 to 3, not grouped, FLOOR, width 0]");
    }

    @Test
    void theLocaleDoesNotMatter() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(prices.format(1234.5)).isEqualTo("1,234.50");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void textIsAppended() {
        var line = new StringBuilder("bid ");
        prices.appendTo(line, 1.5).append(" ask ");
        prices.padded(6).appendTo(line, 151, 2).append(" last ");
        prices.appendTo(line, 2).append(' ');
        prices.appendTo(line, new BigDecimal("1.5"));

        assertThat(line).hasToString("bid 1.50 ask   1.51 last 2.00 1.50");
    }

    @Test
    void aHugeNumberIsRefused() {
        assertThat(prices.format(new BigDecimal("1E+999"))).hasSize(1_000 + 333 + 3);
        assertThatThrownBy(() -> prices.format(new BigDecimal("1E+999999999")))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("1000 digits");
    }

    @Test
    void choicesAreChecked() {
        PriceFormat.Builder choices = PriceFormat.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> choices.decimals(3, 2))
                .withMessage("least must be from 0 to 2, was 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choices.decimals(0, 19))
                .withMessage("most must be from 0 to 18, was 19");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> prices.padded(-1))
                .withMessage("width must be from 0 to 1000, was -1");
    }

    @Property
    void everyNumberIsPrintedAsByTheJdk(
            @ForAll @Scale(8) BigDecimal price,
            @ForAll @IntRange(max = 6) int least,
            @ForAll @IntRange(max = 6) int more,
            @ForAll boolean grouping,
            @ForAll RoundingMode mode) {
        if (mode != RoundingMode.UNNECESSARY) {
            PriceFormat format = PriceFormat.builder()
                    .decimals(least, least + more)
                    .grouping(grouping)
                    .rounding(mode)
                    .build();

            assertThat(format.format(price)).isEqualTo(Model.text(price, least, least + more, grouping, mode));
        }
    }

    @Property(tries = 3_000)
    void aDoubleIsPrintedAsItsShortestDecimal(@ForAll long bits, @ForAll @IntRange(min = -3, max = 9) int scale) {
        double any = Double.longBitsToDouble(bits);
        double price = BigDecimal.valueOf(bits >> 8, 10 + scale).doubleValue();

        assertThat(prices.format(price)).isEqualTo(prices.format(price == 0 ? BigDecimal.ZERO : Model.shortest(price)));
        if (Double.isFinite(any) && any != 0) {
            assertThat(prices.format(any)).isEqualTo(prices.format(Model.shortest(any)));
        }
    }

    @Property(tries = 3_000)
    void aLongIsPrintedAsTheDecimalItIs(
            @ForAll long unscaled, @ForAll @IntRange(max = 18) int scale, @ForAll RoundingMode mode) {
        if (mode != RoundingMode.UNNECESSARY) {
            PriceFormat format = PriceFormat.builder().rounding(mode).build();

            assertThat(format.format(unscaled, scale))
                    .isEqualTo(Model.text(BigDecimal.valueOf(unscaled, scale), 2, 4, true, mode));
        }
    }

    @Property(tries = 3_000)
    void whatIsAppendedIsWhatIsReturned(
            @ForAll long unscaled,
            @ForAll @IntRange(max = 18) int scale,
            @ForAll @IntRange(max = 9) int least,
            @ForAll @IntRange(max = 9) int more,
            @ForAll boolean grouping,
            @ForAll @IntRange(max = 40) int width) {
        PriceFormat format = PriceFormat.builder()
                .decimals(least, least + more)
                .grouping(grouping)
                .build()
                .padded(width);
        BigDecimal price = BigDecimal.valueOf(unscaled, scale);
        String text = Model.text(price, least, least + more, grouping, RoundingMode.HALF_EVEN);
        String padded = " ".repeat(Math.max(0, width - text.length())) + text;

        assertThat(format.format(unscaled, scale)).isEqualTo(padded);
        assertThat(format.format(price)).isEqualTo(padded);
        assertThat(format.appendTo(new StringBuilder("last: "), unscaled, scale))
                .hasToString("last: " + padded);
        assertThat(format.appendTo(new StringBuilder("last: "), price)).hasToString("last: " + padded);
        assertThat(format.appendTo(new StringBuilder("last: "), price.doubleValue()))
                .hasToString("last: " + format.format(price.doubleValue()));
    }

    @Property
    void whatIsPrintedIsReadBackRounded(@ForAll @Scale(8) BigDecimal price, @ForAll @IntRange(max = 30) int width) {
        PriceFormat format = prices.padded(width);

        String text = format.format(price);

        assertThat(text).hasSizeGreaterThanOrEqualTo(width);
        assertThat(format.parse(text)).isEqualByComparingTo(price.setScale(4, RoundingMode.HALF_EVEN));
        assertThat(format.parse(text).toPlainString()).isEqualTo(text.strip().replace(",", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; 0",
                "'-'; 1",
                "NaN; 0",
                "Infinity; 0",
                "1; 1",
                "1.; 2",
                "1.5; 3",
                "1.500; 4",
                "1.23456; 6",
                "1000.00; 1",
                "1,0000.00; 1",
                "10,00.00; 1",
                ",100.00; 0",
                "1.234,5; 5",
                "1..00; 2",
                "--1.00; 1",
                "1-.00; 1",
                "-0.00; 0",
                "00.00; 1",
                "' 1.00'; 0",
                "'1.00 '; 4",
                "1e3; 1",
                "+1.00; 0",
                "١.00; 0"
            })
    void whatIsNotPrintedSoIsRefused(String text, int position) {
        assertThatExceptionOfType(NumberFormatException.class)
                .isThrownBy(() -> prices.parse(text))
                .withMessageStartingWith("a price must be as this format prints it, but \"" + text + "\"")
                .withMessageEndingWith("at position " + position);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_337, 2_000, 3_000})
    void aLongTextIsRefused(int length) {
        assertThatExceptionOfType(NumberFormatException.class)
                .isThrownBy(() -> PriceFormat.builder().grouping(false).build().parse("9".repeat(length) + ".00"))
                .withMessageContaining("...");
    }

    @Test
    void theDigitThatIsOneTooManyIsNamed() {
        String most = "9".repeat(1_000);

        assertThat(PriceFormat.builder().grouping(false).build().parse("-" + most + ".00"))
                .isNegative();
        assertThatThrownBy(() -> prices.parse("-" + most + "9.00")).hasMessageEndingWith("at position 1001");
        assertThatThrownBy(() -> prices.parse("9,999" + ",999".repeat(333) + ".00"))
                .hasMessageContaining("more than 1000 digits before the point")
                .hasMessageEndingWith("at position 1334");
    }

    @Test
    void aRefusedChoiceChangesNothing() {
        PriceFormat.Builder builder = PriceFormat.builder();

        assertThatThrownBy(() -> builder.decimals(5, 1)).hasMessageContaining("least must be from 0 to 1, was 5");

        assertThat(builder.build().format(1.25)).isEqualTo("1.25");
        assertThat(builder.build().format(1.23456)).isEqualTo("1.2346");
    }

    @Test
    void blanksMustBeThoseOfThePadding() {
        PriceFormat cell = prices.padded(8);

        assertThat(cell.parse("    1.00")).isEqualTo("1.00");
        assertThatThrownBy(() -> cell.parse("1.00")).isInstanceOf(NumberFormatException.class);
        assertThatThrownBy(() -> cell.parse("     1.00")).isInstanceOf(NumberFormatException.class);
    }
}
