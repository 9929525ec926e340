package io.mutil.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundingTest {
    @Test
    void oneLineRoundsToTheNearest() {
        assertThat(Rounding.roundToMultiple(new BigDecimal("1.03"), new BigDecimal("0.05")))
                .isEqualTo("1.05");
        assertThat(Rounding.roundToMultiple(1.03, 0.05)).isEqualTo(1.05);
        assertThat(Rounding.roundToMultiple(103, 5)).isEqualTo(105);
    }

    @Test
    void oneLineRoundsInADirection() {
        assertThat(Rounding.roundToMultiple(-0.01, 0.07, RoundingMode.FLOOR)).isEqualTo(-0.07);
        assertThat(Rounding.roundToMultiple(-1, 7, RoundingMode.UP)).isEqualTo(-7);
        assertThat(Rounding.roundToMultiple(1.0, 1.0 / 3, RoundingMode.DOWN)).isEqualTo(0.9999999999999999);
    }

    @Test
    void longsGoToTheEnds() {
        assertThat(Rounding.roundToMultiple(Long.MIN_VALUE, 1)).isEqualTo(Long.MIN_VALUE);
        assertThat(Rounding.roundToMultiple(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> Rounding.roundToMultiple(Long.MAX_VALUE, 5, RoundingMode.UP))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void unnecessaryRefusesWhatIsNoMultiple() {
        assertThat(Rounding.roundToMultiple(105, 5, RoundingMode.UNNECESSARY)).isEqualTo(105);
        assertThatThrownBy(() -> Rounding.roundToMultiple(106, 5, RoundingMode.UNNECESSARY))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("106");
        assertThatThrownBy(() -> Rounding.roundToMultiple(1.06, 0.05, RoundingMode.UNNECESSARY))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("1.06");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.05, Double.NaN, Double.POSITIVE_INFINITY})
    void incrementsAreChecked(double increment) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rounding.roundToMultiple(1, increment))
                .withMessage("increment must be positive and finite, was " + increment);
    }

    @Test
    void incrementsOfLongsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rounding.roundToMultiple(1, 0))
                .withMessage("increment must be positive, was 0");
    }

    @Test
    void valuesAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rounding.roundToMultiple(Double.NaN, 0.05))
                .withMessage("value must be finite, was NaN");
    }
}
