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
import org.junit.jupiter.api.Test;

class KeyedRateLimitTest {
    private final FakeTime time = new FakeTime();
    private final KeyedRateLimit<String> keys =
            time.builder(Rule.slidingWindow(1, ofSeconds(10))).keyed(3);

    @Test
    void eachKeyHasALimitOfItsOwn() {
        assertThat(keys.of("a").tryAcquire()).isTrue();
        assertThat(keys.of("b").tryAcquire()).isTrue();
        assertThat(keys.of("a").tryAcquire()).isFalse();
        assertThat(keys.of("a")).isSameAs(keys.of("a"));
    }

    @Test
    void aNewKeyIsRefusedWhilePermitsOfAllOthersCount() {
        List.of("a", "b", "c").forEach(key -> keys.of(key).tryAcquire());

        assertThatThrownBy(() -> keys.of("d"))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage(
                        "3 keys are in use, as many as maxKeys allows, and of each permits count still,"
                                + " the server holds back, somebody waits, or the rules were changed; raise it, or use fewer keys at a time");
        time.advance(ofSeconds(10).minusNanos(1));
        assertThatThrownBy(() -> keys.of("d")).isInstanceOf(RejectedExecutionException.class);
        assertThat(keys).hasToString("KeyedRateLimit[3 of 3 keys]");
    }

    @Test
    void whatNoLongerCountsMakesRoomForANewKey() {
        keys.of("a").tryAcquire();
        keys.of("b").tryAcquire();
        time.advance(ofSeconds(5));
        keys.of("c").tryAcquire();
        assertThatThrownBy(() -> keys.of("d")).isInstanceOf(RejectedExecutionException.class);

        time.advance(ofSeconds(5));

        assertThat(keys.of("d").tryAcquire()).isTrue();
        assertThat(keys.size()).isEqualTo(2);
        assertThat(keys.of("c").tryAcquire()).isFalse();
    }

    @Test
    void whoHoldsAForgottenLimitWorksOnTheBooksOfItsSuccessor() throws Exception {
        RateLimit held = keys.of("a");
        keys.of("b").tryAcquire();
        keys.of("c").tryAcquire();
        keys.of("d").tryAcquire();
        assertThat(keys.of("b").tryAcquire()).isFalse();
        time.advance(ofSeconds(10));

        assertThat(keys.of("a").tryAcquire()).isTrue();

        assertThat(keys.of("a")).isNotSameAs(held);
        assertThat(held.tryAcquire()).isFalse();
        assertThat(held.tryAcquire(ofSeconds(1))).isFalse();
        assertThat(held.peek()).isEqualTo(ofSeconds(10));
        assertThat(held.acquireAsync()).isNotDone();
        assertThat(held.reserve().timeToWait()).isEqualTo(ofSeconds(20));
        held.observe(429, Map.of("Retry-After", List.of("60")));
        held.change(Rule.slidingWindow(1, ofSeconds(1)));
        assertThat(keys.of("a").stats()).isEqualTo(held.stats());
        assertThat(keys.of("a").stats().held()).isEqualTo(ofMinutes(1));
        assertThat(keys.of("a").rules()).isEqualTo(held.rules());
    }

    @Test
    void aReservationOfAForgottenLimitThatIsCancelledMakesNoRoom() {
        RateLimit held = keys.of("a");
        Reservation place = held.reserve();
        time.advance(ofSeconds(10));
        List.of("b", "c", "d").forEach(key -> keys.of(key).tryAcquire());
        time.advance(ofSeconds(10));
        keys.of("a").tryAcquire();

        place.cancel();

        assertThat(held.tryAcquire()).isFalse();
    }

    @Test
    void aLimitWhoseRulesWereChangedIsNotForgotten() {
        RateLimit changed = keys.of("a");
        changed.change(Rule.slidingWindow(1, ofMinutes(1)));
        List.of("b", "c").forEach(keys::of);

        keys.of("d");
        assertThat(keys.of("a")).isSameAs(changed);
        changed.change(Rule.slidingWindow(1, ofSeconds(10)));
        List.of("b", "c", "d").forEach(keys::of);

        assertThat(keys.of("a")).isNotSameAs(changed);
    }

    @Test
    void whoHoldsAForgottenLimitGivesBackToItsSuccessor() {
        RateLimit held = keys.of("a");
        List.of("b", "c", "d").forEach(key -> keys.of(key).tryAcquire());
        time.advance(ofSeconds(10));
        assertThat(held.tryAcquire()).isTrue();

        held.refund();

        assertThat(keys.of("a").tryAcquire()).isTrue();
    }

    @Test
    void whoHoldsAForgottenLimitWithNoRoomForASuccessorIsRefusedButMayLook() {
        RateLimit held = keys.of("a");
        held.reserve().cancel();
        List.of("b", "c", "d").forEach(key -> keys.of(key).tryAcquire());

        assertThatThrownBy(held::tryAcquire).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(held::acquire).isInstanceOf(RejectedExecutionException.class);
        assertThat(held.acquireAsync()).isCompletedExceptionally();
        assertThat(held.peek()).isZero();
        assertThat(held.rules()).containsExactly(Rule.slidingWindow(1, ofSeconds(10)));
        assertThat(held).hasToString("RateLimit[" + held.rules() + ", " + held.stats() + "]");
        assertThat(keys.size()).isEqualTo(3);
    }

    @Test
    void aBuilderThatIsUsedOnDoesNotAlterTheKeysToCome() {
        RateLimitBuilder builder = time.builder(Rule.slidingWindow(1, ofSeconds(10)));
        KeyedRateLimit<String> made = builder.keyed(3);
        builder.margin(ofSeconds(5));

        made.of("a").tryAcquire();

        assertThat(made.of("a").peek()).isEqualTo(ofSeconds(10));
    }

    @Test
    void whoeverWaitsOrIsHeldBackIsNotForgotten() {
        List.of("a", "b", "c").forEach(key -> keys.of(key).tryAcquire());
        CompletableFuture<Duration> waiting = keys.of("a").acquireAsync();
        keys.of("b").observe(429, Map.of("Retry-After", List.of("60")));
        keys.of("c").tryAcquire();

        time.advance(ofSeconds(11));
        keys.of("d").tryAcquire();

        assertThat(waiting).isCompleted();
        assertThat(keys.of("a").tryAcquire()).isFalse();
        assertThat(keys.of("b").peek()).isEqualTo(ofSeconds(49));
        assertThat(keys.size()).isEqualTo(3);
    }

    @Test
    void manyKeysThatAreUsedOnceDoNotPileUp() {
        KeyedRateLimit<Integer> many =
                time.builder(Rule.slidingWindow(1, ofSeconds(1))).keyed(100_000);

        for (int key = 0; key < 10_000; key++) {
            assertThat(many.of(key).tryAcquire()).isTrue();
            time.advance(Duration.ofMillis(100));
        }

        assertThat(many.size()).isLessThanOrEqualTo(65);
    }

    @Test
    void aLimitThatEverybodyHasLeftIsForgottenSoon() {
        List.of("a", "b", "c").forEach(key -> keys.of(key).observe(429, Map.of("Retry-After", List.of("1"))));
        List<CompletableFuture<Duration>> waiting = List.of("a", "b", "c").stream()
                .map(key -> keys.of(key).acquireAsync())
                .toList();
        assertThatThrownBy(() -> keys.of("d")).isInstanceOf(RejectedExecutionException.class);
        waiting.forEach(future -> future.cancel(false));

        time.advance(ofSeconds(1));

        assertThat(keys.of("d").tryAcquire()).isTrue();
    }
}
