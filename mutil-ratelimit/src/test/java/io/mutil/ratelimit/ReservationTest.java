package io.mutil.ratelimit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Permits for a time that is told. */
class ReservationTest {
    private final FakeTime time = new FakeTime();
    private final RateLimit limit = time.limit(Rule.slidingWindow(2, ofSeconds(10)));

    @Test
    void aReservationIsAPromiseWhereNobodyWaits() {
        limit.tryAcquire(2);

        Reservation first = limit.reserve();
        Reservation second = limit.reserve(2);

        assertThat(first.timeToWait()).isEqualTo(ofSeconds(10));
        assertThat(second.timeToWait()).isEqualTo(ofSeconds(20));
        time.advance(ofSeconds(12));
        assertThat(first.timeToWait()).isZero();
        assertThat(second.timeToWait()).isEqualTo(ofSeconds(8));
        assertThat(limit.tryAcquire()).isFalse();
    }

    @Test
    void aCancelledReservationGivesItsTimeBack() {
        limit.tryAcquire(2);
        Reservation first = limit.reserve(2);
        CompletableFuture<Duration> second = limit.acquireAsync(2);

        assertThat(first.cancel()).isTrue();
        assertThat(first.cancel()).isFalse();
        time.advance(ofSeconds(10));

        assertThat(second).isCompleted();
        assertThatThrownBy(first::timeToWait)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the reservation was cancelled; make a new one");
    }

    @Test
    void aReservationCancelledAfterItsTimeCountsNoLonger() {
        Reservation now = limit.reserve(2);
        assertThat(now.timeToWait()).isZero();
        assertThat(limit.tryAcquire()).isFalse();

        now.cancel();

        assertThat(limit.tryAcquire(2)).isTrue();
    }

    @Test
    void aPromisedReservationIsMovedBackWhenTheRulesTighten() {
        limit.tryAcquire(2);
        Reservation heavy = limit.reserve(2);
        Reservation first = limit.reserve();
        Reservation second = limit.reserve();
        assertThat(second.timeToWait()).isEqualTo(ofSeconds(20));

        limit.change(Rule.slidingWindow(1, ofSeconds(30)));

        assertThatThrownBy(heavy::timeToWait)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the rules were changed");
        assertThat(heavy.cancel()).isFalse();
        assertThat(first.timeToWait()).isEqualTo(ofSeconds(30));
        assertThat(second.timeToWait()).isEqualTo(ofSeconds(60));
        assertThat(limit.peek()).isEqualTo(ofSeconds(90));
    }

    /** Its owner sleeps until the time it was told, so that the permit is used then. */
    @Test
    void aPromisedReservationIsNotMovedForwardWhenTheRulesLoosen() {
        limit.tryAcquire(2);
        Reservation place = limit.reserve();

        limit.change(Rule.slidingWindow(2, ofSeconds(1)));

        assertThat(place.timeToWait()).isEqualTo(ofSeconds(10));
        assertThat(limit.tryAcquire()).isFalse();
    }

    @Test
    void aPromisedReservationIsMovedBackWhenTheServerHoldsBack() {
        limit.tryAcquire(2);
        Reservation place = limit.reserve();

        limit.observe(429, Map.of("Retry-After", List.of("60")));

        assertThat(place.timeToWait()).isEqualTo(ofMinutes(1));
    }

    @Test
    void aCancelledReservationLeavesThePromisesBehindItAsTheyAre() {
        limit.tryAcquire(2);
        Reservation first = limit.reserve(2);
        Reservation second = limit.reserve(2);

        first.cancel();

        assertThat(second.timeToWait()).isEqualTo(ofSeconds(20));
        assertThat(limit.peek()).isEqualTo(ofSeconds(30));
    }

    @Test
    void reservationsAloneAreBoundedToo() {
        RateLimit small =
                time.builder(Rule.slidingWindow(1, ofSeconds(1))).maxWaiters(2).build();
        IntStream.range(0, 3)
                .mapToObj(i -> small.reserve().timeToWait())
                .forEach(wait -> assertThat(wait).isLessThanOrEqualTo(ofSeconds(2)));

        assertThatThrownBy(small::reserve).isInstanceOf(RejectedExecutionException.class);
        time.advance(ofSeconds(1));
        assertThat(small.reserve().timeToWait()).isEqualTo(ofSeconds(2));
    }
}
