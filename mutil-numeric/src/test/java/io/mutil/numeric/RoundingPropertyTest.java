package io.mutil.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.LongSupplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** All modes, signs, starts and types, against the model. */
class RoundingPropertyTest {
    /** A grid and what it was made of. */
    record Made(BigDecimal step, BigDecimal start) {
        Grid grid() {
            return Grid.of(step).startingAt(start);
        }
    }

    @Provide
    Arbitrary<Made> grids() {
        Arbitrary<BigDecimal> steps = Combinators.combine(
                        Arbitraries.oneOf(
                                Arbitraries.of(1L, 2L, 5L, 7L, 25L, 33L, 125L),
                                Arbitraries.longs().between(1, 1_000_000_000)),
                        Arbitraries.integers().between(-3, 9))
                .as(BigDecimal::valueOf);
        Arbitrary<BigDecimal> starts = Arbitraries.oneOf(
                Arbitraries.just(BigDecimal.ZERO),
                Combinators.combine(
                                Arbitraries.longs().between(-1_000, 1_000),
                                Arbitraries.integers().between(0, 5))
                        .as(BigDecimal::valueOf));
        return Combinators.combine(steps, starts).as(Made::new);
    }

    /** Many of few digits, so that ties and multiples are among them; and some of any number of digits. */
    @Provide
    Arbitrary<BigDecimal> values() {
        return Arbitraries.oneOf(
                Combinators.combine(
                                Arbitraries.longs().between(-100_000, 100_000),
                                Arbitraries.integers().between(0, 5))
                        .as(BigDecimal::valueOf),
                Combinators.combine(Arbitraries.longs(), Arbitraries.integers().between(-5, 30))
                        .as(BigDecimal::valueOf),
                Arbitraries.bigDecimals()
                        .between(new BigDecimal("-1E30"), new BigDecimal("1E30"))
                        .ofScale(25));
    }

    @Provide
    Arbitrary<Double> doubles() {
        return Arbitraries.oneOf(
                values().map(BigDecimal::doubleValue),
                Arbitraries.doubles().between(-1e6, 1e6),
                Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite));
    }

    @Provide
    Arbitrary<RoundingMode> modes() {
        return Arbitraries.of(RoundingMode.class).filter(mode -> mode != RoundingMode.UNNECESSARY);
    }

    @Property
    void decimalsAreAsTheModelHasThem(
            @ForAll("values") BigDecimal value, @ForAll("grids") Made made, @ForAll("modes") RoundingMode mode) {
        Grid grid = made.grid();

        BigDecimal rounded = grid.round(value, mode);

        assertThat(rounded).isEqualByComparingTo(Model.round(value, made.start(), made.step(), mode));
        assertThat(rounded.scale())
                .isEqualTo(
                        Math.max(0, Math.max(made.step().scale(), made.start().scale())));
        assertThat(grid.next(value)).isEqualByComparingTo(Model.next(value, made.start(), made.step()));
        assertThat(grid.previous(value)).isEqualByComparingTo(Model.previous(value, made.start(), made.step()));
        assertThat(grid.isOn(value)).isEqualTo(Model.isOn(value, made.start(), made.step()));
    }

    @Property(tries = 3_000)
    void doublesAreTheNearestToTheExactResult(
            @ForAll("doubles") double value, @ForAll("grids") Made made, @ForAll("modes") RoundingMode mode) {
        BigDecimal exact = Model.meant(value, made.start(), made.step());
        double expected = Model.round(exact, made.start(), made.step(), mode).doubleValue() + 0.0;

        assertThat(made.grid().isOn(value)).isEqualTo(Model.isOn(exact, made.start(), made.step()));
        if (Double.isInfinite(expected)) {
            assertThatThrownBy(() -> made.grid().round(value, mode)).isInstanceOf(ArithmeticException.class);
        } else {
            assertThat(made.grid().round(value, mode)).isEqualTo(expected);
        }
    }

    @Property(tries = 3_000)
    void nextAndPreviousOfDoublesAreTheNearestToTheExactResult(
            @ForAll("doubles") double value, @ForAll("grids") Made made) {
        Grid grid = made.grid();
        BigDecimal exact = Model.meant(value, made.start(), made.step());
        double next = Model.next(exact, made.start(), made.step()).doubleValue() + 0.0;
        double previous = Model.previous(exact, made.start(), made.step()).doubleValue() + 0.0;

        if (next > value && Double.isFinite(next)) {
            assertThat(grid.next(value)).isEqualTo(next);
        } else {
            assertThatThrownBy(() -> grid.next(value)).isInstanceOf(ArithmeticException.class);
        }
        if (previous < value && Double.isFinite(previous)) {
            assertThat(grid.previous(value)).isEqualTo(previous);
        } else {
            assertThatThrownBy(() -> grid.previous(value)).isInstanceOf(ArithmeticException.class);
        }
    }

    @Property(tries = 3_000)
    void roundedDoublesAreOnTheGridAndRoundToThemselves(
            @ForAll("doubles") double value,
            @ForAll("grids") Made made,
            @ForAll("modes") RoundingMode mode,
            @ForAll("modes") RoundingMode again) {
        Grid grid = made.grid();

        double rounded = grid.round(value, mode);

        assertThat(grid.isOn(rounded)).isTrue();
        assertThat(grid.round(rounded, again)).isEqualTo(rounded);
    }

    @Property
    void roundingDoublesKeepsTheOrder(
            @ForAll("doubles") double one,
            @ForAll("doubles") double other,
            @ForAll("grids") Made made,
            @ForAll("modes") RoundingMode mode) {
        Grid grid = made.grid();

        assertThat(grid.round(Math.min(one, other), mode)).isLessThanOrEqualTo(grid.round(Math.max(one, other), mode));
    }

    @Property
    void longsAreAsTheModelHasThem(
            @ForAll long any,
            @ForAll @IntRange(max = 44) int fewer,
            @ForAll @IntRange(max = 6) int more,
            @ForAll("grids") Made made,
            @ForAll("modes") RoundingMode mode) {
        Grid grid = made.grid();
        int scale = grid.leastScale() + more;
        long unscaled = any >> fewer;
        BigDecimal value = BigDecimal.valueOf(unscaled, scale);
        BigDecimal rounded = Model.round(value, made.start(), made.step(), mode).movePointRight(scale);
        BigDecimal next = Model.next(value, made.start(), made.step()).movePointRight(scale);
        BigDecimal previous = Model.previous(value, made.start(), made.step()).movePointRight(scale);

        assertThat(grid.isOn(unscaled, scale)).isEqualTo(Model.isOn(value, made.start(), made.step()));
        assertIsOrOverflows(() -> grid.round(unscaled, scale, mode), rounded);
        assertIsOrOverflows(() -> grid.next(unscaled, scale), next);
        assertIsOrOverflows(() -> grid.previous(unscaled, scale), previous);
    }

    private static void assertIsOrOverflows(LongSupplier result, BigDecimal expected) {
        if (Increments.isLong(expected)) {
            assertThat(result.getAsLong()).isEqualTo(expected.longValueExact());
        } else {
            assertThatThrownBy(result::getAsLong).isInstanceOf(ArithmeticException.class);
        }
    }

    @Property
    void resultsAreOnTheGridAndNearAndRoundToThemselves(
            @ForAll("values") BigDecimal value, @ForAll("grids") Made made, @ForAll("modes") RoundingMode mode) {
        Grid grid = made.grid();

        BigDecimal rounded = grid.round(value, mode);
        BigDecimal distance = rounded.subtract(value).abs();

        assertThat(grid.isOn(rounded)).isTrue();
        assertThat(grid.round(rounded, mode)).isEqualTo(rounded);
        assertThat(distance).isLessThan(made.step());
        if (mode.name().startsWith("HALF")) {
            assertThat(distance.add(distance)).isLessThanOrEqualTo(made.step());
        }
    }

    @Property
    void roundingKeepsTheOrder(
            @ForAll("values") BigDecimal one,
            @ForAll("values") BigDecimal other,
            @ForAll("grids") Made made,
            @ForAll("modes") RoundingMode mode) {
        Grid grid = made.grid();

        assertThat(grid.round(one.min(other), mode)).isLessThanOrEqualTo(grid.round(one.max(other), mode));
    }

    @Property
    void nextAndPreviousUndoEachOther(@ForAll("values") BigDecimal value, @ForAll("grids") Made made) {
        Grid grid = made.grid();
        BigDecimal on = grid.roundDown(value);

        assertThat(grid.previous(grid.next(on))).isEqualTo(on);
        assertThat(grid.next(grid.previous(on))).isEqualTo(on);
        assertThat(grid.next(grid.previous(value))).isEqualTo(grid.roundUp(value));
        assertThat(grid.previous(grid.next(value))).isEqualTo(on);
    }

    @Property
    void theOneLineFormsAreThoseOfTheGrid(
            @ForAll("doubles") double value, @ForAll("grids") Made made, @ForAll("modes") RoundingMode mode) {
        BigDecimal exact = Model.meant(value, BigDecimal.ZERO, made.step());
        double step = made.step().doubleValue();

        assertThat(Rounding.roundToMultiple(value, step, mode))
                .isEqualTo(
                        Model.round(exact, BigDecimal.ZERO, made.step(), mode).doubleValue() + 0.0);
        assertThat(Rounding.roundToMultiple(exact, made.step(), mode))
                .isEqualTo(Grid.of(made.step()).round(exact, mode));
    }

    @Property
    void theOneLineFormForLongsIsThatOfTheModel(
            @ForAll long any, @ForAll @IntRange(max = 60) int fewer, @ForAll("modes") RoundingMode mode) {
        long value = any >> 2;
        long step = (any >>> 2 >>> fewer) + 1;
        BigDecimal rounded = Model.round(BigDecimal.valueOf(value), BigDecimal.ZERO, BigDecimal.valueOf(step), mode);

        assertThat(Rounding.roundToMultiple(value, step, mode)).isEqualTo(rounded.longValueExact());
    }
}
