package io.mutil.ratelimit;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused, and in which words. */
class ArgumentsTest {
    private static final RateLimit LIMIT = RateLimit.of(3, ofSeconds(1));
    private static final RateLimitBuilder BUILDER = RateLimit.builder(Rule.fixedWindow(3, ofSeconds(1)));

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(() -> RateLimit.of(0, ofSeconds(1)), "permits must be positive, was 0"),
                refusal(() -> RateLimit.of(-1, ofSeconds(1)), "permits must be positive, was -1"),
                refusal(() -> RateLimit.of(1, Duration.ZERO), "per must be positive, was PT0S"),
                refusal(() -> RateLimit.of(1, ofSeconds(-1)), "per must be positive, was PT-1S"),
                refusal(() -> RateLimit.of(1, ofDays(36_501)), "per must be at most 36500 days, was 36501 days"),
                refusal(
                        () -> RateLimit.of(100_000_001, ofSeconds(1)),
                        "permits of a sliding window must be at most 100000000, was 100000001; a paced rule needs no"
                                + " memory for them"),
                refusal(RateLimit::of, "rules must be one or more, was none"),
                refusal(RateLimit::builder, "rules must be one or more, was none"),
                refusal(LIMIT::change, "rules must be one or more, was none"),
                refusal(() -> Rule.paced(0, ofSeconds(1)), "permits must be positive, was 0"),
                refusal(() -> Rule.paced(1, ofSeconds(-1)), "per must be positive, was PT-1S"),
                refusal(() -> Rule.paced(1, ofSeconds(1)).withBurst(0), "burst must be positive, was 0"),
                refusal(
                        () -> Rule.paced(1, ofDays(1)).withBurst(40_000),
                        "burst must be what the pace makes up in 36500 days or less, was 40000"),
                refusal(() -> Rule.fixedWindow(0, ofSeconds(1)), "permits must be positive, was 0"),
                refusal(
                        () -> Rule.fixedWindow(1, ofHours(5)),
                        "per of a fixed window must go into 24 hours without remainder, was PT5H"),
                refusal(
                        () -> Rule.fixedWindow(1, ofDays(2)),
                        "per of a fixed window must go into 24 hours without remainder, was PT48H"),
                refusal(
                        () -> Rule.fixedWindow(1, ofSeconds(1)).withSpread(ofSeconds(-1)),
                        "spread must not be negative, was PT-1S"),
                refusal(
                        () -> Rule.fixedWindow(1, ofSeconds(1)).withSpread(ofSeconds(1)),
                        "spread must be at most half of per, which is PT1S, was PT1S"),
                refusal(() -> LIMIT.tryAcquire(0), "permits must be positive, was 0"),
                refusal(() -> LIMIT.acquire(-1), "permits must be positive, was -1"),
                refusal(() -> LIMIT.acquireAsync(0), "permits must be positive, was 0"),
                refusal(() -> LIMIT.reserve(0), "permits must be positive, was 0"),
                refusal(() -> LIMIT.peek(0), "permits must be positive, was 0"),
                refusal(() -> LIMIT.refund(0, ofSeconds(1)), "permits must be positive, was 0"),
                refusal(() -> LIMIT.refund(1, ofSeconds(-1)), "age must not be negative, was PT-1S"),
                refusal(() -> LIMIT.tryAcquire(ofSeconds(-1)), "timeout must not be negative, was PT-1S"),
                refusal(() -> LIMIT.tryAcquire(4), tooHeavy(4)),
                refusal(() -> LIMIT.tryAcquire(5, ofSeconds(1)), tooHeavy(5)),
                refusal(() -> LIMIT.acquire(Integer.MAX_VALUE), tooHeavy(Integer.MAX_VALUE)),
                refusal(() -> LIMIT.acquireAsync(4), tooHeavy(4)),
                refusal(() -> LIMIT.reserve(4), tooHeavy(4)),
                refusal(() -> LIMIT.peek(4), tooHeavy(4)),
                refusal(() -> BUILDER.maxWaiters(0), "maxWaiters must be positive, was 0"),
                refusal(() -> BUILDER.margin(ofSeconds(-1)), "margin must not be negative, was PT-1S"),
                refusal(() -> BUILDER.longestHold(Duration.ZERO), "longestHold must be positive, was PT0S"),
                refusal(() -> BUILDER.keyed(0), "maxKeys must be positive, was 0"),
                refusal(() -> LimitStore.local(0), "maxKeys must be positive, was 0"),
                refusal(
                        () -> RateLimit.builder(Rule.fixedWindow(3, ofSeconds(1)))
                                .margin(Duration.ofMillis(251))
                                .build(),
                        "margin must be at most a quarter of a fixed window, which is PT1S, was PT0.251S"));
    }

    private static Arguments refusal(ThrowingCallable call, String message) {
        return Arguments.of(call, message);
    }

    private static String tooHeavy(int permits) {
        return "permits must be at most 3, which is all that the rules ever allow at once, was " + permits;
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void saysValueAndRule(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void aWeightThatIsTooHeavyIsRefusedAlsoWhileThereIsNoRoom() {
        RateLimit full = RateLimit.of(2, ofHours(1));
        full.tryAcquire(2);
        full.tryAcquire(2);

        assertThatThrownBy(() -> full.tryAcquire(3)).isInstanceOf(IllegalArgumentException.class);
        assertThat(full.stats().admitted()).isEqualTo(2);
    }

    @Test
    void whoReservesBeyondTheEndOfTimeWaitsUntilThen() {
        for (Rule rule : List.of(Rule.slidingWindow(1, ofDays(36_500)), Rule.paced(1, ofDays(36_500)))) {
            RateLimit wide = RateLimit.builder(rule, Rule.fixedWindow(9, ofDays(1)))
                    .margin(ofHours(1))
                    .build();
            Duration before = Duration.ZERO;
            for (int i = 0; i < 10; i++) {
                Duration wait = wide.reserve().timeToWait();
                assertThat(wait.plusSeconds(60)).isGreaterThanOrEqualTo(before);
                before = wait;
            }
            assertThat(before).isGreaterThan(ofDays(100_000));
        }
    }

    @Test
    void theRulesMayBeAsWideAsTheyGo() {
        RateLimit wide = RateLimit.builder(
                        Rule.slidingWindow(100_000_000, ofDays(36_500)),
                        Rule.paced(Integer.MAX_VALUE, ofDays(36_500)).withBurst(Integer.MAX_VALUE))
                .margin(ofDays(36_500))
                .build();

        assertThat(wide.tryAcquire(1_000)).isTrue();
        assertThat(wide.peek(100_000_000)).isBetween(ofDays(36_500), ofDays(36_500 * 3));
    }
}
