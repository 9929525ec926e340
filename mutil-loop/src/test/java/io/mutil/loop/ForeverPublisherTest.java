package io.mutil.loop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscribers, on an executor that runs when the test wants it. */
class ForeverPublisherTest {
    private final ForeverFakeTime time = new ForeverFakeTime();
    private final Queue<Runnable> work = new ArrayDeque<>();
    private Executor executor = work::add;
    private ForeverCore<String> core = core(false);
    private ForeverLoop<String> loop = new ForeverLoop<>(core);
    private final ForeverHand a = new ForeverHand();

    private ForeverCore<String> core(boolean endWhenEmpty) {
        return new ForeverCore<>(FailurePolicy.retry(), time, task -> executor.execute(task), endWhenEmpty);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private Recorder subscribe() {
        var recorder = new Recorder();
        loop.publisher().subscribe(recorder);
        work();
        return recorder;
    }

    private void work() {
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
    }

    private static class Recorder implements Flow.Subscriber<Completion<String>> {
        private final List<String> signals = new CopyOnWriteArrayList<>();
        private Flow.@Nullable Subscription subscription;
        private Runnable onNext = () -> {};

        Flow.Subscription subscription() {
            return requireNonNull(subscription);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
        }

        @Override
        public void onNext(Completion<String> next) {
            signals.add(next.get());
            onNext.run();
        }

        @Override
        public void onError(Throwable failure) {
            signals.add(failure.toString());
        }

        @Override
        public void onComplete() {
            signals.add("complete");
        }
    }

    @Test
    void handsOverOnlyWhatWasRequested() {
        loop.add("a", a);
        Recorder subscriber = subscribe();
        a.bring("1");
        work();
        assertThat(subscriber.signals).isEmpty();
        assertThat(a.armed()).isEqualTo(1);

        subscriber.subscription().request(1);
        work();
        a.bring("2");
        work();

        assertThat(subscriber.signals).containsExactly("1");
        assertThat(a.armed()).isEqualTo(2);
        assertThat(loop.stats().ready()).isEqualTo(1);
    }

    @Test
    void armsASourceAgainAfterTheSubscriberHasReturned() {
        loop.add("a", a);
        Recorder subscriber = subscribe();
        subscriber.onNext = () -> subscriber.signals.add("armed " + a.armed());
        subscriber.subscription().request(5);

        a.bring("1");
        work();
        a.bring("2");
        work();

        assertThat(subscriber.signals).containsExactly("1", "armed 1", "2", "armed 2");
        assertThat(a.armed()).isEqualTo(3);
    }

    @Test
    void eachResultGoesToOneSubscriber() {
        Recorder first = subscribe();
        Recorder second = subscribe();
        first.subscription().request(1);
        second.subscription().request(1);
        work();
        loop.add("a", a);

        a.bring("1");
        work();
        a.bring("2");
        work();

        assertThat(first.signals).containsExactly("1");
        assertThat(second.signals).containsExactly("2");
    }

    @Test
    void whoIsWokenInVainWakesNobodyElse() {
        List<Recorder> subscribers =
                IntStream.range(0, 3).mapToObj(i -> subscribe()).toList();
        subscribers.forEach(subscriber -> subscriber.subscription().request(2));
        work();
        loop.add("a", a);

        a.bring("1");
        int turns = 0;
        for (Runnable next = work.poll(); next != null && turns < 100; next = work.poll()) {
            next.run();
            turns++;
        }

        assertThat(turns).isEqualTo(1);
        assertThat(subscribers.stream().flatMap(subscriber -> subscriber.signals.stream()))
                .containsExactly("1");
        assertThat(core.consumers()).isEqualTo(3);
    }

    @Test
    void aSubscriberThatFailsWithItsLastSignalKeepsNobodyWaiting() {
        var failing = new Recorder() {
            @Override
            public void onComplete() {
                throw new IllegalStateException("at the end");
            }
        };
        loop.publisher().subscribe(failing);
        Recorder idle = subscribe();
        failing.subscription().request(1);
        work();
        CompletableFuture<Void> taking = Background.call(loop::take);
        Eventually.until("waits", () -> core.consumers() == 2);
        executor = task -> {
            throw new RejectedExecutionException("shut down");
        };

        try (LogLines log = LogLines.of(ForeverLoop.class, Level.WARNING)) {
            loop.close();
            assertThat(log.at(Level.WARNING)).containsExactly("a subscriber failed with its last signal");
        }

        assertThat(idle.signals).containsExactly("complete");
        assertThatThrownBy(taking::join).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void anExecutorThatFailsEndsTheSubscriptionAndNothingElse() {
        Recorder subscriber = subscribe();
        subscriber.subscription().request(1);
        work();
        executor = task -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        loop.add("a", a);

        a.bring("1");

        assertThat(subscriber.signals).containsExactly("java.lang.OutOfMemoryError: unable to create native thread");
        assertThat(loop.poll().orElseThrow().get()).isEqualTo("1");
    }

    @Test
    void aCancelledSubscriberPassesItsTurnOn() {
        Recorder first = subscribe();
        Recorder second = subscribe();
        first.subscription().request(1);
        second.subscription().request(1);
        work();
        loop.add("a", a);
        a.bring("1");

        first.subscription().cancel();
        work();

        assertThat(first.signals).isEmpty();
        assertThat(second.signals).containsExactly("1");
    }

    @Test
    void aSubscriberWithoutDemandKeepsNobodyWaiting() {
        Recorder subscriber = subscribe();
        subscriber.subscription().request(1);
        work();
        loop.add("a", a);
        a.bring("1");
        work();
        CompletableFuture<Void> taking = Background.call(loop::take);
        Eventually.until("waits", () -> core.consumers() == 1);

        a.bring("2");

        taking.join();
        assertThat(subscriber.signals).containsExactly("1");
    }

    @Test
    void aSubscriberThatHasEnoughLeavesTheLine() {
        loop.add("a", a);
        Recorder subscriber = subscribe();
        subscriber.subscription().request(1);
        work();
        assertThat(core.consumers()).isEqualTo(1);

        subscriber.subscription().cancel();

        assertThat(core.consumers()).isZero();
    }

    @Test
    void aRequestOfNothingIsAnError() {
        loop.add("a", a);
        a.bring("1");
        Recorder subscriber = subscribe();

        subscriber.subscription().request(0);
        subscriber.subscription().request(7);
        work();

        assertThat(subscriber.signals)
                .containsExactly("java.lang.IllegalArgumentException: the number requested must be positive"
                        + " (rule 3.9 of Reactive Streams), was 0");
        assertThat(loop.poll()).isPresent();
    }

    @Test
    void completesWhenTheLoopIsClosedEvenIfItsExecutorIsNoMore() {
        Recorder idle = subscribe();
        Recorder waiting = subscribe();
        waiting.subscription().request(Long.MAX_VALUE);
        work();
        executor = task -> {
            throw new RejectedExecutionException("shut down");
        };

        loop.close();

        assertThat(idle.signals).containsExactly("complete");
        assertThat(waiting.signals).containsExactly("complete");
        assertThat(subscribe().signals).containsExactly("complete");
    }

    @Test
    void completesWhenTheLastSourceIsGone() {
        core = core(true);
        loop = new ForeverLoop<>(core);
        loop.add("a", a);
        Recorder subscriber = subscribe();

        loop.remove("a");

        assertThat(subscriber.signals).containsExactly("complete");
    }

    @Test
    void failsWhenTheExecutorTakesNoMoreWork() {
        Recorder subscriber = subscribe();
        executor = task -> {
            throw new RejectedExecutionException("full");
        };

        subscriber.subscription().request(1);

        assertThat(subscriber.signals).containsExactly("java.util.concurrent.RejectedExecutionException: full");
    }

    @Test
    void aSubscriberThatThrowsIsCancelledAndItsSourceGoesOn() {
        loop.add("a", a);
        Recorder subscriber = subscribe();
        subscriber.onNext = () -> {
            throw new IllegalStateException("subscriber");
        };
        subscriber.subscription().request(5);
        a.bring("1");

        try (LogLines log = LogLines.of(ForeverLoop.class, Level.WARNING)) {
            work();
            assertThat(log.at(Level.WARNING))
                    .containsExactly("a subscriber failed with a result of source a; its subscription ends");
        }

        assertThat(subscriber.signals).containsExactly("1");
        a.bring("2");
        assertThat(loop.poll().orElseThrow().get()).isEqualTo("2");
    }

    @Test
    void aSubscriberThatRefusesItsSubscriptionIsForgotten() {
        loop.add("a", a);

        assertThatThrownBy(() -> loop.publisher().subscribe(new Recorder() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscription.request(1);
                        throw new IllegalStateException("no");
                    }
                }))
                .hasMessage("no");

        work();
        assertThat(core.consumers()).isZero();
        a.bring("1");
        assertThat(loop.poll()).isPresent();
    }

    @Test
    void aSubscriberThatWantsAllLetsOthersUseItsThread() {
        IntStream.range(0, 10).forEach(i -> loop.add("s" + i, () -> CompletableFuture.completedFuture("x")));
        Recorder subscriber = subscribe();
        subscriber.subscription().request(10_000);

        int turns = 0;
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
            turns++;
        }

        assertThat(subscriber.signals).hasSize(10_000);
        assertThat(turns).isGreaterThan(10);
    }

    @Test
    void anExecutorThatRunsAtOnceNeedsNoDeepStack() {
        executor = Runnable::run;
        var left = new AtomicInteger(1_000_000);
        loop.add("a", () -> CompletableFuture.completedFuture("x"));
        Recorder subscriber = subscribe();
        subscriber.onNext = () -> {
            subscriber.signals.clear();
            if (left.decrementAndGet() == 0) {
                subscriber.subscription().cancel();
            }
        };

        subscriber.subscription().request(Long.MAX_VALUE);

        assertThat(left).hasValue(0);
    }
}
