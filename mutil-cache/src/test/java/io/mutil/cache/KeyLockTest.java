package io.mutil.cache;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Locks of keys, and what is computed with them. */
class KeyLockTest extends MapTest {
    @Test
    void ofManyThatComputeOneDoes() throws Exception {
        var computed = new AtomicInteger();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            threads.add(Background.run(() -> assertThat(map.computeIfAbsent("key", key -> {
                        computed.incrementAndGet();
                        return "computed";
                    }))
                    .isEqualTo("computed")));
        }

        for (CompletableFuture<Void> thread : threads) {
            thread.get(30, SECONDS);
        }

        assertThat(computed).hasValue(1);
        reopen();
        assertThat(map.get("key")).contains("computed");
    }

    @Test
    void ifOneCannotComputeTheNextDoes() throws Exception {
        assertThatThrownBy(() -> map.computeIfAbsent("key", key -> {
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(map.computeIfAbsent("key", key -> "yes")).isEqualTo("yes");
    }

    @Test
    void aLockIsHeldByOneThreadAndTakenAgainByIt() throws Exception {
        KeyLock held = map.lock("key");
        KeyLock again = map.lock("key");
        CompletableFuture<Void> other = Background.run(
                () -> assertThat(map.tryLock("key", Duration.ofMillis(1))).isEmpty());
        other.get(30, SECONDS);

        held.close();
        held.close();
        Background.run(() -> assertThat(map.tryLock("key", Duration.ZERO)).isEmpty())
                .get(30, SECONDS);
        again.close();

        Background.run(() -> requireNonNull(map.tryLock("key", Duration.ZERO))
                        .orElseThrow()
                        .close())
                .get(30, SECONDS);
    }

    @Test
    void aStrangerCannotReleaseALock() throws Exception {
        KeyLock held = map.lock("key");

        CompletableFuture<Void> stranger = Background.run(held::close);

        assertThatThrownBy(() -> stranger.get(30, SECONDS))
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("only that may release it");
        Background.run(() -> assertThat(map.tryLock("key", Duration.ZERO)).isEmpty())
                .get(30, SECONDS);
        held.close();
    }

    @Test
    void locksAreGivenInOrder() throws Exception {
        var locks = new KeyLocks();
        KeyLock held = locks.lock("key");
        List<Integer> order = new ArrayList<>();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            threads.add(Background.run(() -> {
                KeyLock mine = locks.lock("key");
                order.add(number);
                mine.close();
            }));
            Eventually.until("it waits", () -> locks.waiting("key") == number + 1);
        }

        held.close();
        for (CompletableFuture<Void> thread : threads) {
            thread.get(30, SECONDS);
        }

        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(locks.size()).isZero();
    }

    @Test
    void whoGivesUpWaitingLeavesNothing() throws Exception {
        var locks = new KeyLocks();
        KeyLock held = locks.lock("key");
        assertThat(Background.run(() -> {
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> locks.lock("key")).isInstanceOf(InterruptedException.class);
                    assertThat(locks.tryLock("key", Duration.ofNanos(1))).isEmpty();
                }))
                .succeedsWithin(Duration.ofSeconds(30));

        held.close();

        assertThat(locks.size()).isZero();
    }

    @Test
    void whoWaitsForEverIsServed() throws Exception {
        KeyLock held = map.tryLock("key", ChronoUnit.FOREVER.getDuration()).orElseThrow();

        CompletableFuture<Void> next = Background.run(() -> map.tryLock("key", ChronoUnit.FOREVER.getDuration())
                .orElseThrow()
                .close());
        held.close();

        next.get(30, SECONDS);
    }
}
