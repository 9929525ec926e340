package io.mutil.cache;

import static io.mutil.cache.CacheFixture.KEY;
import static io.mutil.cache.CacheFixture.TTL;
import static io.mutil.cache.CacheFixture.failure;
import static io.mutil.cache.CacheFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that hang, commits that fail too late, and code of callers that waits: nobody waits for longer than the time-out. */
class StuckTest {
    private final Queue<Runnable> stuck = new ConcurrentLinkedQueue<>();

    private void unstick() {
        for (Runnable task = stuck.poll(); task != null; task = stuck.poll()) {
            task.run();
        }
    }

    @Test
    void aDiskThatHangsDoesNotKeepCallersBeyondTheTimeOut() {
        var fixture = new CacheFixture(choices -> choices.maxWaiting(2), stuck::add);
        CompletableFuture<Answer> asynchronous = fixture.getAsync();
        CompletableFuture<Void> blocking = Background.run(() -> fixture.cache.get(Key.of("other"), fixture.origin));
        // that of the fetch which the blocking one began
        Eventually.until("both wait", () -> fixture.alarms.set() == 3);

        fixture.alarms.ringAll();

        assertThat(failure(asynchronous)).hasMessageContaining("no answer within PT30S");
        Eventually.until("the other one hears of it too", blocking::isDone);
        assertThat(blocking).isCompletedExceptionally();
        unstick();
        assertThat(fixture.origin.calls).isEmpty();
        assertThat(fixture.cache.stats().fetching()).isZero();
        assertThat(fixture.cache.stats().waiting()).isZero();
    }

    @Test
    void noMoreWaitForADiskThatHangsThanMay() {
        var fixture = new CacheFixture(choices -> choices.maxWaiting(2), stuck::add);
        for (int i = 0; i < 2; i++) {
            var unused = fixture.getAsync();
        }
        fixture.alarms.ringAll();

        int queued = stuck.size();

        assertThat(failure(fixture.getAsync())).hasMessageStartingWith("2 callers wait already");

        assertThat(stuck).hasSize(queued);
        unstick();
        assertThat(fixture.cache.stats().waiting()).isZero();
        assertThat(fixture.cache.stats().fetching()).isZero();
    }

    @Test
    void whoBlocksKeepsItsPlaceUntilTheDiskHasComeByToo() throws Exception {
        var fixture = new CacheFixture(choices -> choices.maxWaiting(1), stuck::add);
        CompletableFuture<Void> blocking = Background.run(fixture::get);
        Eventually.until("it waits, and its fetch", () -> fixture.alarms.set() == 2);
        fixture.alarms.ringAll();
        Eventually.until("it hears of it", blocking::isDone);

        assertThatExceptionOfType(FetchFailedException.class)
                .isThrownBy(fixture::get)
                .withMessageStartingWith("1 callers wait already");

        unstick();
        assertThat(fixture.cache.stats().waiting()).isZero();
    }

    @Test
    void theTimeOfACallerGoesOnWhileItLooksAtTheDisk() {
        var fixture = new CacheFixture(choices -> choices, stuck::add);
        CompletableFuture<Answer> answer = fixture.getAsync();
        Eventually.until("its fetch waits for another process", () -> {
            unstick();
            return !fixture.origin.calls.isEmpty();
        });

        fixture.alarms.ringFirst();

        assertThat(failure(answer)).hasMessageContaining("no answer within PT30S");
        unstick();
        assertThat(fixture.origin.last().answer()).isCancelled();
        assertThat(fixture.alarms.set()).isZero();
    }

    @Test
    void whoGivesUpIsToldOnceThoughItsFetchEndsToo() throws Exception {
        var told = new ConcurrentLinkedQueue<Runnable>();
        var fixture = new CacheFixture(choices -> choices.staleIfError(TTL), Runnable::run, told::add);
        CompletableFuture<Answer> first = fixture.getAsync();
        told.remove().run();
        fixture.origin.last().answer("old");
        told.remove().run();
        assertThat(text(first)).isEqualTo("old");
        fixture.clock.advance(TTL);
        CompletableFuture<Answer> second = fixture.getAsync();
        told.remove().run();

        fixture.alarms.ringAll();

        assertThat(told).as("the caller, and the fetch that ends").hasSize(2);
        told.remove().run();
        assertThat(second.join().source()).isEqualTo(Source.STALE);
        assertThat(fixture.cache.stats().staleAnswers()).isEqualTo(1);
        assertThat(fixture.cache.stats().failures()).isEqualTo(1);
    }

    @Test
    void whoHearsOfAFailureIsToldOnceThoughTheTimeIsUpToo() throws Exception {
        var told = new ConcurrentLinkedQueue<Runnable>();
        var fixture = new CacheFixture(choices -> choices.staleIfError(TTL), Runnable::run, told::add);
        var unusedOld = fixture.cache.getAsync(KEY, fixture.origin.says("old"));
        told.remove().run();
        told.remove().run();
        fixture.clock.advance(TTL);
        CompletableFuture<Answer> answer = fixture.cache.getAsync(KEY, fixture.origin.refuses(503));
        told.remove().run();

        fixture.alarms.ringAll();

        assertThat(told).hasSize(1);
        told.remove().run();
        assertThat(text(answer)).isEqualTo("old");
        assertThat(fixture.cache.stats().staleAnswers()).isEqualTo(1);
    }

    @Test
    void whoCancelsWaitsNeitherForTheDiskNorForTheFetch() {
        var told = new ConcurrentLinkedQueue<Runnable>();
        var fixture = new CacheFixture(choices -> choices, stuck::add, told::add);
        CompletableFuture<Answer> answer = fixture.getAsync();
        unstick();
        told.remove().run();

        answer.cancel(true);

        assertThat(fixture.cache.stats().fetching()).isZero();
        assertThat(fixture.disk.leases).isEqualTo(1);
        assertThat(fixture.origin.last().answer()).isNotDone();
        told.remove().run();
        assertThat(fixture.origin.last().answer())
                .as("though the disk still hangs")
                .isCancelled();
        unstick();
        assertThat(fixture.disk.leases).isZero();
        assertThat(fixture.alarms.set()).isZero();
        assertThat(fixture.cache.stats().waiting()).isZero();
    }

    @Test
    void aFetchThatBeginsWhenNobodyWaitsAnyMoreIsCancelled() {
        var answer = new AtomicReference<CompletableFuture<Answer>>();
        var fetched = new CompletableFuture<Fetched>();
        var told = new ConcurrentLinkedQueue<Runnable>();
        var fixture = new CacheFixture(choices -> choices, Runnable::run, told::add);
        answer.set(fixture.cache.getAsync(KEY, (known, body) -> {
            answer.get().cancel(true);
            return fetched;
        }));

        told.remove().run();
        told.remove().run();

        assertThat(fetched).isCancelled();
    }

    @Test
    void aLogThatFailsKeepsNothing() {
        var fixture = new CacheFixture(choices -> choices, stuck::add);
        CompletableFuture<Answer> answer = fixture.getAsync();
        unstick();
        Logger logger = Logger.getLogger(Flight.class.getName());
        logger.setLevel(Level.FINE);
        logger.setFilter(line -> {
            throw new IllegalStateException("the log is full");
        });

        fixture.origin.last().answer().completeExceptionally(new IOException("no route"));
        unstick();
        logger.setFilter(null);
        logger.setLevel(null);

        assertThat(failure(answer)).hasMessageContaining("could not be fetched");
        assertThat(fixture.disk.leases).isZero();
        assertThat(fixture.cache.stats().fetching()).isZero();
    }

    @Test
    void closingTellsThoseWhoseLookIsQueued() {
        var fixture = new CacheFixture(choices -> choices, stuck::add);
        CompletableFuture<Answer> answer = fixture.getAsync();

        fixture.cache.close();

        assertThat(failure(answer)).hasMessageEndingWith("the cache was closed");
        unstick();
        assertThat(fixture.alarms.set()).isZero();
        assertThat(fixture.cache.stats().waiting()).isZero();
    }

    @Test
    void whoComesWhileACommitHangsWaitsNoLongerThanOthers() {
        var fixture = new CacheFixture(choices -> choices.memoryEntry(3));
        CompletableFuture<Answer> first = fixture.getAsync();
        fixture.disk.onCommit = () -> {
            fixture.alarms.ringAll();
            CompletableFuture<Answer> late = fixture.getAsync();
            assertThat(late).isNotDone();
            fixture.alarms.ringAll();
            assertThat(failure(late)).hasMessageContaining("no answer within PT30S");
        };

        fixture.origin.last().answer("a large one");

        assertThat(failure(first)).hasMessageContaining("no answer within PT30S");
        assertThat(fixture.cache.cached(KEY)).isPresent();
        assertThat(fixture.cache.stats().fetching()).isZero();
        assertThat(fixture.cache.stats().waiting()).isZero();
        assertThat(fixture.origin.calls).hasSize(1);
    }

    @Test
    void whoComesWhileACommitHangsGetsAnotherFetchIfItFails() throws Exception {
        var fixture = new CacheFixture(choices -> choices.memoryEntry(3));
        CompletableFuture<Answer> first = fixture.getAsync();
        var late = new AtomicReference<CompletableFuture<Answer>>();
        fixture.disk.refusesCommits = true;
        fixture.disk.onCommit = () -> {
            fixture.alarms.ringAll();
            late.set(fixture.getAsync());
        };

        fixture.origin.last().answer("a large one");

        assertThat(failure(first)).hasMessageContaining("no answer within PT30S");
        assertThat(late.get()).isNotDone();
        assertThat(fixture.alarms.set())
                .as("that of the caller and that of the fetch")
                .isEqualTo(2);
        fixture.origin.last().answer("another large one");
        assertThat(text(late.get())).isEqualTo("another large one");
        assertThat(fixture.origin.calls).hasSize(2);
    }

    @Test
    void aCommitThatFailsAfterTheTimeOutIsNotTriedAgain() {
        var fixture = new CacheFixture(choices -> choices.memoryEntry(3).maxFetches(1));
        CompletableFuture<Answer> answer = fixture.getAsync();
        fixture.disk.onCommit = fixture.alarms::ringAll;
        fixture.disk.refusesCommits = true;

        fixture.origin.last().answer("a large one");

        assertThat(failure(answer)).hasMessageContaining("no answer within PT30S");
        assertThatNothingIsLeft(fixture);
    }

    @Test
    void aCommitThatFailsAfterTheLastCallerLeftIsNotTriedAgain() {
        var fixture = new CacheFixture(choices -> choices.memoryEntry(3).maxFetches(1));
        CompletableFuture<Answer> answer = fixture.getAsync();
        fixture.disk.onCommit = () -> answer.cancel(true);
        fixture.disk.refusesCommits = true;

        fixture.origin.last().answer("a large one");

        assertThat(answer).isCancelled();
        assertThatNothingIsLeft(fixture);
    }

    @Test
    void aCommitThatFailsAfterTheEndIsNotTriedAgain() {
        var fixture = new CacheFixture(choices -> choices.memoryEntry(3).staleWhileRevalidate(TTL));
        fixture.origin.says("old and large");
        var unusedOld = fixture.getAsync();
        fixture.clock.advance(TTL);
        fixture.origin.waits();
        var unusedStale = fixture.getAsync();
        fixture.disk.onCommit = fixture.alarms::ringAll;
        fixture.disk.refusesCommits = true;

        fixture.origin.last().answer("new and large");

        assertThat(fixture.origin.calls).hasSize(2);
        assertThat(fixture.cache.stats().fetching()).isZero();
        fixture.cache.invalidate(KEY);
        fixture.cache.close();
    }

    private static void assertThatNothingIsLeft(CacheFixture fixture) {
        assertThat(fixture.origin.calls).hasSize(1);
        assertThat(fixture.cache.stats().fetching()).isZero();
        assertThat(fixture.cache.stats().waiting()).isZero();
        assertThat(fixture.disk.leases).isZero();
        assertThat(fixture.disk.sinks).isZero();
        assertThat(fixture.alarms.set()).isZero();
        fixture.disk.refusesCommits = false;
        fixture.disk.onCommit = () -> {};
        CompletableFuture<Answer> next = fixture.getAsync();
        fixture.origin.last().answer("next");
        assertThat(next).isCompleted();
        fixture.cache.invalidate(KEY);
        fixture.cache.close();
    }

    @Test
    @Timeout(60)
    void whatDependsOnAnAnswerMayWaitForTheCache(@TempDir Path directory) {
        Fetch hello = Fetch.ofBytes(() -> CompletableFuture.supplyAsync(() -> new byte[] {1}));
        try (FetchCache cache =
                FetchCache.builder(directory).timeout(Duration.ofSeconds(20)).open()) {
            List<CompletableFuture<Long>> children = IntStream.range(0, 50)
                    .mapToObj(i -> cache.getAsync(Key.of("index " + i), hello)
                            .thenApply(index -> child(cache, Key.of("child " + i), hello)))
                    .toList();

            assertThat(children).allSatisfy(child -> assertThat(child.join()).isEqualTo(1));
        }
    }

    private static long child(FetchCache cache, Key key, Fetch fetch) {
        try {
            return cache.get(key, fetch).length();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Timeout(60)
    void aFetchThatBlocksKeepsNoOtherFromBeginning(@TempDir Path directory) throws Exception {
        var ended = new CompletableFuture<Fetched>();
        Fetch blocks = (known, body) -> CompletableFuture.completedFuture(ended.join());
        try (FetchCache cache = FetchCache.open(directory)) {
            List<CompletableFuture<Answer>> blocked = IntStream.range(0, 20)
                    .mapToObj(i -> cache.getAsync(Key.of("blocks " + i), blocks))
                    .toList();

            Answer other = cache.get(Key.of("other"), (known, body) -> CompletableFuture.completedFuture(Fetched.ok()));

            assertThat(other.status()).isEqualTo(200);
            assertThat(blocked).noneMatch(CompletableFuture::isDone);
            ended.complete(Fetched.ok());
            assertThat(blocked).allMatch(answer -> answer.join().status() == 200);
        }
    }

    @Test
    void anExecutorThatRefusesKeepsNoCallerWaiting() throws Exception {
        Executor refuses = work -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        var fixture = new CacheFixture(choices -> choices, Runnable::run, refuses);

        CompletableFuture<Answer> answer = fixture.getAsync();
        fixture.origin.last().answer("hello");

        assertThat(text(answer)).isEqualTo("hello");
    }

    @Test
    void whatAnExecutorRefusesDoesNotKeepTheAlarms() {
        Executor refuses = work -> {
            throw new RejectedExecutionException("full");
        };
        var fixture = new CacheFixture(choices -> choices, stuck::add, refuses);
        CompletableFuture<Answer> answer = fixture.getAsync();

        fixture.alarms.ringAll();

        assertThat(answer).isNotDone();
        unstick();
        assertThat(failure(answer)).hasMessageContaining("no answer within PT30S");
        assertThat(fixture.cache.stats().waiting()).isZero();
    }

    @Test
    @Timeout(60)
    void threadsForCallbacksAreBoundedAndUsedAgain() throws Exception {
        var made = new AtomicInteger();
        ExecutorService threads = CallbackThreads.platform(
                work -> {
                    made.incrementAndGet();
                    return new Thread(work);
                },
                3);
        var go = new CompletableFuture<Void>();
        var done = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            threads.execute(() -> {
                go.join();
                done.countDown();
            });
        }
        assertThat(made).hasValue(3);

        go.complete(null);
        done.await();
        threads.shutdown();

        assertThat(made).hasValue(3);
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> threads.execute(() -> {}));
    }
}
