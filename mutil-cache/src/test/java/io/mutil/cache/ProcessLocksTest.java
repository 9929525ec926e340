package io.mutil.cache;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.cache.DiskTier.Lease;
import io.mutil.cache.FaultyFolder.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLocksTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final Threads threads = new Threads(Runnable::run, Runnable::run, scheduler);
    private final FaultyFolder folder;
    private final ProcessLocks locks;
    /** Shares the file of the locks as another tier of this process does. */
    private final ProcessLocks others;

    ProcessLocksTest(@TempDir Path dir) {
        folder = new FaultyFolder(dir);
        locks = new ProcessLocks(folder, threads, scheduler::nanoTime);
        others = new ProcessLocks(new FaultyFolder(dir), threads, scheduler::nanoTime);
        locks.open();
        others.open();
    }

    @AfterEach
    void close() {
        locks.close();
        others.close();
        scheduler.shutdownNow();
    }

    @Test
    void whoComesFirstHasItAtOnceAndTheNextWhenItIsGivenBack() {
        Lease held = locks.lock("key", MINUTE).join();
        CompletableFuture<Lease> next = others.lock("key", MINUTE);
        CompletableFuture<Lease> another = others.lock("another key", MINUTE);
        scheduler.advance(1000);
        assertThat(next).isNotDone();
        assertThat(another).isCompleted();

        held.close();
        scheduler.advance(250);

        assertThat(next).isCompleted();
    }

    @Test
    void itIsAskedForAtIntervalsThatGrowToAQuarterOfASecond() {
        var unused = locks.lock("key", MINUTE).join();

        CompletableFuture<Lease> next = others.lock("key", MINUTE);
        scheduler.advance(1500);

        assertThat(next).isNotDone();
        assertThat(scheduler.delays()).startsWith(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 250L, 250L, 250L, 250L);
    }

    @Test
    void theSchedulerHandsAttemptsOnForTheyMayBlock() {
        Lease held = locks.lock("key", MINUTE).join();
        var handedOn = new ArrayDeque<Runnable>();
        var slow = new ProcessLocks(folder, new Threads(handedOn::add, Runnable::run, scheduler), scheduler::nanoTime);
        slow.open();
        CompletableFuture<Lease> next = slow.lock("key", MINUTE);
        held.close();

        scheduler.advance(1000);
        assertThat(next).isNotDone();
        assertThat(handedOn).hasSize(1);
        handedOn.remove().run();

        assertThat(next).isCompleted();
        slow.close();
    }

    @Test
    void whoWaitsTooLongIsTold() {
        var unused = locks.lock("key", MINUTE).join();

        CompletableFuture<Lease> next = others.lock("key", Duration.ofMillis(777));
        scheduler.advance(776);
        assertThat(next).isNotDone();
        scheduler.advance(1);

        assertThatThrownBy(next::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TimeoutException.class)
                .hasMessageContaining("PT0.777S");
    }

    @Test
    void whoWaitsForEverIsServed() {
        Lease held = locks.lock("key", MINUTE).join();

        CompletableFuture<Lease> next = others.lock("key", ChronoUnit.FOREVER.getDuration());
        scheduler.advance(1000);
        assertThat(next).isNotDone();
        held.close();
        scheduler.advance(250);

        assertThat(next).isCompleted();
    }

    @Test
    void aCancelledOneHoldsNothing() {
        Lease held = locks.lock("key", MINUTE).join();
        CompletableFuture<Lease> cancelled = others.lock("key", MINUTE);

        cancelled.cancel(false);
        held.close();
        scheduler.advance(1000);

        assertThat(locks.lock("key", MINUTE)).isCompleted();
    }

    @Test
    void givingItBackTwiceDoesNotTakeItFromTheNext() {
        Lease held = locks.lock("key", MINUTE).join();
        held.close();
        Lease next = others.lock("key", MINUTE).join();

        held.close();

        CompletableFuture<Lease> third = locks.lock("key", MINUTE);
        assertThat(third).isNotDone();
        next.close();
        scheduler.advance(250);
        assertThat(third).isCompleted();
    }

    @Test
    void closingOneTierLeavesTheLocksOfTheOther() throws IOException {
        var unused = others.lock("key", MINUTE).join();

        locks.close();

        var third = new ProcessLocks(folder, threads, scheduler::nanoTime);
        third.open();
        assertThat(third.lock("key", MINUTE)).isNotDone();
        third.close();
    }

    @Test
    void thoseWhoWaitAreToldOfTheEnd() {
        var unused = locks.lock("key", MINUTE).join();
        List<CompletableFuture<Lease>> waiting = List.of(others.lock("key", MINUTE), others.lock("key", MINUTE));

        others.close();

        for (CompletableFuture<Lease> one : waiting) {
            assertThatThrownBy(one::join).hasCauseInstanceOf(IOException.class).hasMessageContaining("closed");
        }
        assertThatThrownBy(() -> others.lock("key", MINUTE).join()).hasMessageContaining("closed");
    }

    @Test
    void ifTheSchedulerHasEndedThoseWhoWaitAreTold() {
        var unused = locks.lock("key", MINUTE).join();
        scheduler.shutdownNow();
        var real = new ProcessLocks(
                folder,
                new Threads(Runnable::run, Runnable::run, new java.util.concurrent.ScheduledThreadPoolExecutor(0) {
                    {
                        shutdownNow();
                    }
                }),
                scheduler::nanoTime);
        real.open();

        assertThatThrownBy(() -> real.lock("key", MINUTE).get(30, SECONDS))
                .hasCauseInstanceOf(RejectedExecutionException.class);
        real.close();
    }

    @Test
    void aDiskWithoutLocksKeepsNobodyWaiting(@TempDir Path dir) {
        var faulty = new FaultyFolder(dir);
        faulty.fail(Operation.LOCK, n -> true);
        var without = new ProcessLocks(faulty, threads, scheduler::nanoTime);
        without.open();

        assertThat(without.lock("key", MINUTE)).isCompleted();
        without.close();
    }

    @Test
    void aFileThatCouldNotBeOpenedIsOpenedLater(@TempDir Path dir) throws IOException {
        var faulty = new FaultyFolder(dir);
        faulty.fail(Operation.OPEN_TO_WRITE, n -> true);
        var late = new ProcessLocks(faulty, threads, scheduler::nanoTime);
        late.open();
        assertThat(late.lock("key", MINUTE)).isCompleted();
        assertThat(dir).isEmptyDirectory();
        faulty.heal();

        late.open();

        assertThat(dir.resolve("locks")).exists();
        late.close();
    }
}
