package io.mutil.ratelimit;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.ratelimit.GateState.Next;
import java.util.List;
import org.junit.jupiter.api.Test;

class FutureWaiterTest {
    private static final long NOW = 0;

    private final FakeTime time = new FakeTime();
    private final Ticks ticks = new Ticks(time, time);
    private final Books books = new Books(List.of(Rule.slidingWindow(1, ofSeconds(10))), 0, ticks, () -> 42);
    private final GateState state = new GateState(books, ticks, 10);
    private final FutureWaiter waiter = new FutureWaiter(new FutureTurns(state, time), 1, NOW);
    private final Next before;
    private final Next after;

    FutureWaiterTest() {
        books.count(NOW, 1);
        state.join(waiter, NOW);
        waiter.giveUpWhenCompleted();
        before = state.next(waiter, NOW);
        books.refund(NOW, NOW, 1);
        after = state.next(waiter, NOW);
    }

    @Test
    void whatWasFoundOutBeforeIsForgottenWhenItIsToldLater() {
        after.waiter().told(after);
        before.waiter().told(before);

        assertThat(time.timers()).isEqualTo(1);
        time.advance(0);
        assertThat(waiter.future).isCompleted();
    }

    @Test
    void whatWasFoundOutLaterReplacesTheTimer() {
        before.waiter().told(before);
        after.waiter().told(after);

        assertThat(time.timers()).isEqualTo(1);
        time.advance(0);
        assertThat(waiter.future).isCompleted();
    }

    @Test
    void whoIsGoneHasNoTimer() {
        after.waiter().told(after);

        waiter.future.cancel(false);
        before.waiter().told(before);

        assertThat(time.timers()).isZero();
    }
}
