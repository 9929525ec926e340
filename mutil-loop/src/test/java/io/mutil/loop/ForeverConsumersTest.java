package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that wait for results, by one way or another. */
class ForeverConsumersTest {
    private final ForeverFakeTime time = new ForeverFakeTime();
    private final ForeverHand a = new ForeverHand();
    private ForeverCore<String> core = core(false);
    private ForeverLoop<String> loop = new ForeverLoop<>(core);

    private ForeverCore<String> core(boolean endWhenEmpty) {
        return new ForeverCore<>(FailurePolicy.retry(), time, Runnable::run, endWhenEmpty);
    }

    private void endWhenEmpty() {
        core = core(true);
        loop = new ForeverLoop<>(core);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void untilWaiting(int consumers) {
        Eventually.until(consumers + " wait", () -> core.consumers() == consumers);
    }

    @Test
    void takeWaitsForAResult() {
        loop.add("a", a);
        var taken = new AtomicReference<Completion<String>>();
        CompletableFuture<Void> taking = Background.run(() -> taken.set(loop.take()));
        untilWaiting(1);

        a.bring("1");

        taking.join();
        assertThat(taken.get().get()).isEqualTo("1");
        assertThat(core.consumers()).isZero();
    }

    @Test
    void aLoopWithoutSourcesWaitsForOne() {
        CompletableFuture<Void> taking = Background.call(loop::take);
        untilWaiting(1);

        loop.add("a", () -> CompletableFuture.completedFuture("1"));

        taking.join();
    }

    @Test
    void eachOfSeveralConsumersGetsResultsOfItsOwn() {
        var taken = new ConcurrentLinkedQueue<String>();
        List<CompletableFuture<Void>> taking = IntStream.range(0, 3)
                .mapToObj(i -> Background.run(() -> taken.add(loop.take().source())))
                .toList();
        untilWaiting(3);

        for (String name : List.of("a", "b", "c")) {
            var hand = new ForeverHand();
            loop.add(name, hand);
            hand.bring(name);
        }

        taking.forEach(CompletableFuture::join);
        assertThat(taken).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void pollWaitsForALimitedTimeAndLeavesTheLine() throws InterruptedException {
        loop.add("a", a);

        assertThat(loop.poll(Duration.ofNanos(1))).isEmpty();
        assertThat(loop.poll(Duration.ZERO)).isEmpty();
        assertThat(loop.poll(Duration.ofSeconds(-1))).isEmpty();
        assertThat(core.consumers()).isZero();

        a.bring("1");
        assertThat(loop.poll(Duration.ofSeconds(Long.MAX_VALUE)).orElseThrow().get())
                .isEqualTo("1");
    }

    @Test
    void pollGetsAResultThatComesInTime() {
        loop.add("a", a);
        var polled = new AtomicReference<Completion<String>>();
        CompletableFuture<Void> polling =
                Background.run(() -> polled.set(loop.poll(Duration.ofDays(1)).orElseThrow()));
        untilWaiting(1);

        a.bring("1");

        polling.join();
        assertThat(polled.get().get()).isEqualTo("1");
    }

    @Test
    void anInterruptedConsumerLosesNothing() {
        loop.add("a", a);
        var thread = new AtomicReference<Thread>();
        CompletableFuture<Void> taking = Background.run(() -> {
            thread.set(Thread.currentThread());
            loop.take();
        });
        untilWaiting(1);

        thread.get().interrupt();

        assertThatThrownBy(taking::join).hasCauseInstanceOf(InterruptedException.class);
        assertThat(core.consumers()).isZero();
        a.bring("1");
        assertThat(loop.poll()).isPresent();
    }

    @Test
    void anInterruptedConsumerTakesNothingThoughSomethingIsThere() {
        loop.add("a", a);
        a.bring("1");

        Thread.currentThread().interrupt();

        assertThatThrownBy(loop::take).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(loop.poll()).isPresent();
    }

    @Test
    void closeWakesEveryConsumer() {
        var ended = new ConcurrentLinkedQueue<String>();
        List<CompletableFuture<Void>> consumers = List.of(
                Background.run(loop::take),
                Background.run(() -> loop.poll(Duration.ofDays(1)).ifPresentOrElse(c -> {}, () -> ended.add("poll"))),
                Background.run(() -> {
                    for (Completion<String> next : loop) {
                        ended.add(next.source());
                    }
                    ended.add("for");
                }),
                Background.run(() -> {
                    loop.run(next -> ended.add(next.source()));
                    ended.add("run");
                }));
        untilWaiting(4);

        loop.close();

        assertThatThrownBy(consumers.get(0)::join).hasCauseInstanceOf(IllegalStateException.class);
        consumers.subList(1, 4).forEach(CompletableFuture::join);
        assertThat(ended).containsExactlyInAnyOrder("poll", "for", "run");
    }

    @Test
    void anIteratorArmsASourceAgainWhenItHandsItsResultOver() {
        loop.add("a", a);
        a.bring("1");
        Iterator<Completion<String>> iterator = loop.iterator();

        assertThat(iterator.hasNext()).isTrue();
        assertThat(iterator.hasNext()).isTrue();
        assertThat(a.armed()).isEqualTo(1);

        assertThat(iterator.next().get()).isEqualTo("1");
        assertThat(a.armed()).isEqualTo(2);
    }

    @Test
    void anIteratorEndsWhenItsThreadIsInterrupted() {
        Iterator<Completion<String>> iterator = loop.iterator();

        Thread.currentThread().interrupt();

        assertThat(iterator.hasNext()).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void runArmsASourceAgainAfterTheConsumerReturned() throws InterruptedException {
        loop.add("a", a);
        a.bring("1");
        var armed = new ArrayList<Integer>();

        loop.run(next -> {
            armed.add(a.armed());
            if (armed.size() < 3) {
                CompletableFuture<Void> unused = Background.run(() -> {
                    Eventually.until("armed again", () -> a.armed() == armed.size() + 1);
                    a.bring("more");
                });
            } else {
                loop.close();
            }
        });

        assertThat(armed).containsExactly(1, 2, 3);
    }

    @Test
    void runEndsWithWhatItsConsumerThrowsAndLeavesTheSourceArmed() {
        loop.add("a", a);
        a.bring("1");

        assertThatThrownBy(() -> loop.run(next -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");

        assertThat(a.armed()).isEqualTo(2);
    }

    @Test
    void aLoopThatEndsWhenEmptyEndsWithItsLastSource() throws InterruptedException {
        endWhenEmpty();
        loop.add(Source.async("a", a).onFailure(FailurePolicy.stop()));
        a.fail(new IllegalStateException("last"));
        var results = new ArrayList<Completion<String>>();

        loop.run(results::add);

        assertThat(results).hasSize(1);
        assertThat(loop.iterator().hasNext()).isFalse();
        assertThat(loop.poll(Duration.ofDays(1))).isEmpty();
        assertThatThrownBy(loop::take)
                .hasMessage("no source is left; add one, or make the loop without endWhenEmpty to wait for one");
    }

    @Test
    void removalOfTheLastSourceEndsThoseThatWait() {
        endWhenEmpty();
        loop.add("a", a);
        CompletableFuture<Void> first = Background.run(() -> loop.run(next -> {}));
        CompletableFuture<Void> second = Background.run(() -> loop.run(next -> {}));
        untilWaiting(2);

        loop.remove("a");

        first.join();
        second.join();
    }

    @Test
    void aResultInTheHandsOfNobodyYetEndsNothing() {
        endWhenEmpty();
        loop.add("a", a);
        loop.replace(Source.async("a", () -> CompletableFuture.completedFuture("new")));

        assertThat(loop.poll().orElseThrow().get()).isEqualTo("new");
    }
}
