package io.mutil.timer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StepsTest {
    @Test
    void countsAllOfManyThreadsAndLooksAtEachMultiple() throws Exception {
        int threads = 4;
        int each = 200_000;
        long every = 1_000;
        // not thread-safe, as no two threads look at the same time
        var seen = new ArrayList<Long>();
        var steps = new Steps(
                (count, made) -> {
                    seen.add(count);
                    return Sums.multipleAbove(count, every);
                },
                every);

        var begin = new CountDownLatch(1);
        var workers = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < threads; i++) {
            workers.add(Background.run(() -> {
                begin.await();
                for (int step = 0; step < each; step++) {
                    steps.add(1);
                }
            }));
        }
        begin.countDown();
        for (CompletableFuture<Void> worker : workers) {
            worker.get(30, TimeUnit.SECONDS);
        }
        // whoever comes last sees what was passed while another looked
        steps.add(0);

        assertThat(steps.count()).isEqualTo((long) threads * each);
        assertThat(seen).isNotEmpty();
        for (int i = 1; i < seen.size(); i++) {
            assertThat(seen.get(i) / every).isGreaterThan(seen.get(i - 1) / every);
        }
        assertThat(seen.get(seen.size() - 1)).isEqualTo(steps.count());
    }

    @Test
    void doesNotWaitForWhoeverLooks() throws Exception {
        var looking = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var seen = new ArrayList<Long>();
        var steps = new Steps(
                (count, made) -> {
                    seen.add(count);
                    looking.countDown();
                    awaitQuietly(goOn);
                    return Sums.multipleAbove(count, 10);
                },
                10);
        CompletableFuture<Void> slow = Background.run(() -> steps.add(10));
        looking.await();

        steps.add(25);
        assertThat(seen).containsExactly(10L);
        goOn.countDown();
        slow.get(30, TimeUnit.SECONDS);
        steps.add(1);

        assertThat(seen).isEqualTo(List.of(10L, 36L));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoLooksIsToldHowManyStepsCameAtOnce() {
        var told = new ArrayList<Long>();
        var steps = new Steps(
                (count, made) -> {
                    told.add(made);
                    return Sums.multipleAbove(count, 10);
                },
                10);
        steps.add(8);
        steps.add(5);
        steps.add(70);

        assertThat(told).containsExactly(5L, 70L);
    }

    @Test
    void aLookMayStepItself() {
        var seen = new ArrayList<Long>();
        var self = new Steps[1];
        self[0] = new Steps(
                (count, made) -> {
                    seen.add(count);
                    self[0].add(5);
                    return Sums.multipleAbove(count, 10);
                },
                10);

        self[0].add(10);
        self[0].add(4);
        self[0].add(1);

        assertThat(seen).containsExactly(10L, 20L);
    }

    @Test
    void multiplesEndAtTheLargestNumber() {
        assertThat(Sums.multipleAbove(0, 7)).isEqualTo(7);
        assertThat(Sums.multipleAbove(7, 7)).isEqualTo(14);
        assertThat(Sums.multipleAbove(Long.MAX_VALUE - 1, 1_000)).isEqualTo(Long.MAX_VALUE);
        assertThat(Sums.saturated(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }
}
