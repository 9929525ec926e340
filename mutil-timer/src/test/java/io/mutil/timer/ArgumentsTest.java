package io.mutil.timer;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArgumentsTest {
    private static final Section SECTION = Timer.named("load").level(Level.OFF);

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(() -> Timer.named(" "), "name must not be blank, was \" \""),
                refusal(() -> Timer.named("a\nb"), "name must not have control characters, has one at index 1"),
                refusal(() -> Timer.start("\u001b[2J"), "name must not have control characters, has one at index 0"),
                refusal(() -> SECTION.unit("a\tb"), "unit must not have control characters, has one at index 1"),
                refusal(() -> SECTION.total(-1), "total must not be negative, was -1"),
                refusal(() -> SECTION.every(0), "every must be positive, was 0"),
                refusal(() -> SECTION.every(Duration.ZERO), "every must be positive, was PT0S"),
                refusal(() -> SECTION.every(ofSeconds(-1)), "every must be positive, was PT-1S"),
                refusal(() -> SECTION.every(ofDays(36_501)), "every must be at most 36500 days, was PT876024H"),
                refusal(() -> SECTION.atMostEvery(ofSeconds(-1)), "atMostEvery must not be negative, was PT-1S"),
                refusal(() -> SECTION.slowerThan(ofSeconds(-1)), "slowerThan must not be negative, was PT-1S"),
                refusal(() -> SECTION.level(Level.ALL), "level must be one of messages, or OFF, was ALL"),
                refusal(() -> Timings.create(0), "maxPaths must be positive, was 0"));
    }

    private static Arguments refusal(ThrowingCallable call, String message) {
        return Arguments.of(call, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void saysValueAndRule(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void stepsAreNotTakenBack() {
        try (Timer t = SECTION.start()) {
            t.step(3);
            assertThatThrownBy(() -> t.step(-1)).hasMessage("n must not be negative, was -1");
            assertThat(t.steps()).isEqualTo(3);
            assertThatThrownBy(() -> t.child("")).hasMessage("name must not be blank, was \"\"");
        }
    }
}
