package io.mutil.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MutexTest {
    private final Mutex mutex = new Mutex();
    private long count;

    @Test
    void oneThreadAtATimeIsInside() throws Exception {
        List<CompletableFuture<Void>> threads = IntStream.range(0, 4)
                .mapToObj(number -> Background.run(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        mutex.lock();
                        count++;
                        mutex.unlock();
                    }
                }))
                .toList();

        for (CompletableFuture<Void> thread : threads) {
            thread.get(30, TimeUnit.SECONDS);
        }

        assertThat(count).isEqualTo(400_000);
    }

    @Test
    void anInterruptKeepsNobodyAwakeAndIsNotLost() throws Exception {
        var waiter = new AtomicReference<Thread>();
        var interrupted = new AtomicBoolean();
        mutex.lock();
        CompletableFuture<Void> waiting = Background.run(() -> {
            waiter.set(Thread.currentThread());
            Thread.currentThread().interrupt();
            mutex.lock();
            mutex.unlock();
            interrupted.set(Thread.interrupted());
        });

        Eventually.until("it sleeps", () -> {
            Thread thread = waiter.get();
            return thread != null && thread.getState() == Thread.State.TIMED_WAITING && !thread.isInterrupted();
        });
        mutex.unlock();
        waiting.get(30, TimeUnit.SECONDS);

        assertThat(interrupted).isTrue();
    }

    @Test
    void whoWaitsForLongSleeps() throws Exception {
        var waiter = new AtomicReference<Thread>();
        mutex.lock();
        CompletableFuture<Void> waiting = Background.run(() -> {
            waiter.set(Thread.currentThread());
            mutex.lock();
            mutex.unlock();
        });

        Eventually.until("it sleeps", () -> {
            Thread thread = waiter.get();
            return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
        });

        assertThat(waiting).isNotDone();
        mutex.unlock();
        waiting.get(30, TimeUnit.SECONDS);
    }
}
