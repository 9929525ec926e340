package io.mutil.server;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    @ParameterizedTest
    @CsvSource({"0, 250", "1, 500", "2, 1000", "6, 16000", "7, 30000", "8, 30000", "1000000000, 30000"})
    void boundDoublesUpToTheMaximum(int failures, long millis) {
        assertThat(Backoff.DEFAULT.delay(failures, () -> 0.5)).isEqualTo(ofMillis(millis / 2));
        assertThat(Backoff.DEFAULT.delay(failures, () -> 0.0)).isEqualTo(Duration.ZERO);
        assertThat(Backoff.DEFAULT.delay(failures, () -> Math.nextDown(1.0))).isLessThan(ofMillis(millis));
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, ofSeconds(1), ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(ofSeconds(2), ofSeconds(1), ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(ofSeconds(1), ofSeconds(1), ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        Duration forever = ChronoUnit.FOREVER.getDuration();
        assertThatThrownBy(() -> new Backoff(ofSeconds(1), forever, ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("max must be positive and at most a year");
        assertThatThrownBy(() -> new Backoff(ofSeconds(1), ofSeconds(1), forever))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("healthyAfter");
        assertThat(new Backoff(ofMillis(1), ofMillis(1), Duration.ZERO).healthyAfter())
                .isZero();
    }
}
