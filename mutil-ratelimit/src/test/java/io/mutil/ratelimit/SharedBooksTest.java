package io.mutil.ratelimit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits that share books in a store, each by its own rules. */
class SharedBooksTest {
    private static final Rule TWO = Rule.slidingWindow(2, ofSeconds(10));

    private final FakeTime time = new FakeTime();
    private final LimitStore shared = new LocalStore(10, time, time);
    private final RateLimit one = time.builder(TWO).store(shared, "key").build();

    /** However many permits of other rules there are, what a rule keeps of them is no more than it needs. */
    @Test
    void permitsOfOtherRulesTakeNoMoreMemoryThanARuleNeeds() {
        RateLimit rare = time.builder(Rule.slidingWindow(3, Duration.ofDays(1)))
                .store(shared, "wide")
                .build();
        rare.tryAcquire();
        time.advance(ofSeconds(1));
        RateLimit wide = time.builder(
                        Rule.paced(Integer.MAX_VALUE, ofSeconds(1)).withBurst(Integer.MAX_VALUE))
                .store(shared, "wide")
                .build();
        for (int i = 0; i < 3; i++) {
            assertThat(wide.tryAcquire(Integer.MAX_VALUE)).isTrue();
            time.advance(ofSeconds(1));
        }

        rare.refund(Integer.MAX_VALUE, ofSeconds(3));

        assertThat(rare.tryAcquire()).isFalse();
        time.advance(Duration.ofDays(1));
        assertThat(rare.tryAcquire(3)).isTrue();
    }

    @Test
    void limitsOfOneKeyGoByTheirOwnRulesAndCountTogether() {
        Rule minute = Rule.slidingWindow(3, ofMinutes(1));
        RateLimit slow = time.builder(minute).store(shared, "key").build();
        assertThat(slow.tryAcquire()).isTrue();
        assertThat(one.tryAcquire()).isTrue();
        assertThat(one.tryAcquire()).isFalse();
        time.advance(ofSeconds(10));
        assertThat(one.tryAcquire()).isTrue();
        assertThat(slow.tryAcquire()).isFalse();

        time.advance(ofSeconds(50).minusNanos(1));

        assertThat(slow.tryAcquire()).isFalse();
        time.advance(1);
        assertThat(slow.tryAcquire(2)).isTrue();
        assertThat(one.tryAcquire()).isFalse();
    }

    @Test
    void limitsOfOneKeyThatAskInTurnsKeepWhatBothKnow() {
        RateLimit slow = time.builder(Rule.slidingWindow(3, ofMinutes(1)))
                .store(shared, "key")
                .build();
        int got = 0;
        for (int i = 0; i < 50; i++) {
            got += slow.tryAcquire() ? 1 : 0;
            got += one.tryAcquire() ? 1 : 0;
            time.advance(ofSeconds(1));
        }

        // the slow one has its third permit of the minute when the other has none, then never again
        assertThat(slow.stats().admitted()).isEqualTo(2);
        assertThat(got).isEqualTo(3 + 4 * 2);
    }

    @Test
    void limitsOfOneKeyMayHaveDifferentMargins() {
        RateLimit careful =
                time.builder(TWO).margin(ofSeconds(1)).store(shared, "key").build();
        one.tryAcquire();
        assertThat(careful.tryAcquire()).isTrue();
        assertThat(one.tryAcquire()).isFalse();

        time.advance(ofSeconds(10));

        assertThat(careful.tryAcquire()).isFalse();
        assertThat(one.tryAcquire()).isTrue();
    }

    @Test
    void permitsOfOtherRulesCountForAPaceAlsoBeyondItsBurst() {
        RateLimit paced = time.builder(Rule.paced(1, Duration.ofDays(36_500)))
                .store(shared, "wide")
                .build();
        assertThat(paced.tryAcquire()).isTrue();
        RateLimit wide = time.builder(Rule.slidingWindow(1_000, ofSeconds(1)))
                .store(shared, "wide")
                .build();
        assertThat(wide.tryAcquire(900)).isTrue();

        time.advance(Duration.ofDays(70_000));

        assertThat(paced.tryAcquire()).isFalse();
        assertThat(wide.tryAcquire(1_000)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"PT0S, PT1S, PT0.7S", "PT-30S, PT0S, PT10S"})
    void aKeyIsNotForgottenWhoseWindowIsNotOverByTheClockOrTheMargin(Duration jump, Duration margin, Duration later) {
        var now = new FakeTime("2026-03-01T12:00:59.5Z");
        RateLimitBuilder builder =
                now.builder(Rule.fixedWindow(3, ofMinutes(1))).margin(margin);
        LimitStore single = new LocalStore(1, now, now);
        RateLimit kept = builder.store(single, "kept").build();
        RateLimit added = builder.store(single, "added").build();
        kept.tryAcquire(3);

        now.jump(jump);
        now.advance(ofSeconds(1).plus(later));

        assertThatThrownBy(added::tryAcquire).isInstanceOf(RejectedExecutionException.class);
        assertThat(kept.tryAcquire()).isFalse();
    }

    @Test
    void rulesBeyondAFewForgetTheOnesThatNobodyAsksBy() {
        for (int i = 1; i <= 100; i++) {
            one.change(Rule.slidingWindow(1_000, ofSeconds(i)));
            assertThat(one.tryAcquire()).isTrue();
        }

        // the first permit was handed down from books to books
        one.change(Rule.slidingWindow(100, ofSeconds(200)));
        assertThat(one.tryAcquire()).isFalse();
    }
}
