package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("try")
class QueueTest {
    private static final int LIMIT = 3;

    private static SqlShard<Integer> open(Path dir) throws Exception {
        return SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(1)
                .queueLimit(LIMIT)
                .open();
    }

    private static ShardKey key(int i) {
        return ShardKey.of("k", i, "x");
    }

    private static List<CompletableFuture<?>> fill(SqlShard<Integer> store) {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < LIMIT; i++) {
            all.add(store.putAsync(key(i), i));
        }
        return all;
    }

    /** A thread that does it, and has come so far that it waits. */
    private static Thread blocked(Background.Action action, List<Throwable> failures) {
        var thread = new Thread(() -> {
            try {
                action.run();
            } catch (Throwable e) {
                failures.add(e);
            }
        });
        thread.start();
        Eventually.until("blocked", () -> thread.getState() == Thread.State.WAITING);
        return thread;
    }

    @Test
    void blocksCallersWhileItIsFull(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            Thread caller;
            try (var gate = Gate.before(store.allShards().get(0))) {
                var unused = fill(store);
                caller = blocked(() -> store.put(key(9), 9), failures);
                assertThat(store.stats().total(ShardStats::queued)).isEqualTo(LIMIT);
            }
            caller.join();

            assertThat(failures).isEmpty();
            assertThat(store.size()).isEqualTo(LIMIT + 1);
        }
    }

    @Test
    void letsABlockedCallerBeInterrupted(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            try (var gate = Gate.before(store.allShards().get(0))) {
                var unused = fill(store);
                Thread caller = blocked(() -> store.put(key(9), 9), failures);
                caller.interrupt();
                caller.join();
            }

            assertThat(failures).singleElement().isInstanceOf(InterruptedException.class);
            assertThat(store.containsKey(key(9))).isFalse();
        }
    }

    @Test
    void letsACallerBeInterruptedThatWaitsForItsCommit(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            try (var gate = Gate.before(store.allShards().get(0))) {
                Thread caller = blocked(() -> store.put(key(9), 9), failures);
                caller.interrupt();
                caller.join();
            }

            assertThat(failures)
                    .singleElement()
                    .asInstanceOf(InstanceOfAssertFactories.throwable(InterruptedException.class))
                    .hasMessageContaining("may still be done");
        }
    }

    @Test
    void failsAFutureWhoseCallerIsInterrupted(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            Thread.currentThread().interrupt();
            CompletableFuture<?> future = store.putAsync(key(1), 1);

            assertThat(Thread.interrupted()).isTrue();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(future::get)
                    .withCauseInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void endsWhatWasAcceptedWhenItIsClosed(@TempDir Path dir) throws Exception {
        var store = open(dir);
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Gate gate = Gate.before(store.allShards().get(0));
        List<CompletableFuture<?>> accepted = fill(store);
        Thread caller = blocked(() -> store.put(key(9), 9), failures);

        CompletableFuture<Void> closed = Background.run(store::close);
        caller.join();
        assertThat(closed).isNotDone();
        gate.close();
        closed.get();

        assertThat(failures)
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.throwable(IllegalStateException.class))
                .hasMessageContaining("closed");
        assertThat(accepted).allSatisfy(future -> assertThat(future).succeedsWithin(Duration.ofSeconds(30)));
        try (var again = open(dir)) {
            assertThat(again.size()).isEqualTo(LIMIT);
        }
    }

    @Test
    void takesWhatIsLargerThanItself(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            var rows = new HashMap<ShardKey, Integer>();
            for (int i = 0; i < 10 * LIMIT; i++) {
                rows.put(key(i), i);
            }

            store.putAll(rows);

            assertThat(store.asMap()).isEqualTo(rows);
        }
    }

    @Test
    void sharesOneTransactionAmongThoseThatWait(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            List<CompletableFuture<?>> all;
            try (var gate = Gate.before(store.allShards().get(0))) {
                all = fill(store);
            }
            for (CompletableFuture<?> each : all) {
                each.get();
            }

            // that of the gate, and one for the rest
            assertThat(store.stats().total(ShardStats::commits)).isEqualTo(2);
        }
    }

    @Test
    void runsCallbacksWithTheExecutorOfTheCaller(@TempDir Path dir) throws Exception {
        List<Runnable> completions = new CopyOnWriteArrayList<>();
        try (var store = SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(1)
                .executor(completions::add)
                .open()) {
            CompletableFuture<?> future = store.putAsync(key(1), 1);
            store.flush();
            assertThat(future).isNotDone();

            Eventually.until("handed over", () -> !completions.isEmpty());
            completions.forEach(Runnable::run);
            assertThat(future).isDone();
        }
    }

    private interface Use {
        void of(SqlShard<Integer> store) throws Exception;
    }

    private static Named<Use> use(String name, Use use) {
        return Named.of(name, use);
    }

    static Stream<Named<Use>> usesThatWait() {
        return Stream.of(
                use("remove", store -> store.remove(key(1))),
                use("putAll", store -> store.putAll(Map.of(key(1), 1, key(2), 2))),
                use("flush", SqlShard::flush),
                use("clear", SqlShard::clear),
                use("remove a range", store -> store.scan().prefix("k").remove()),
                use("put into a full queue", store -> {
                    for (int i = 0; i < 3 * LIMIT; i++) {
                        var unused = store.putAsync(key(i), i);
                    }
                }),
                use("close", SqlShard::close));
    }

    @ParameterizedTest
    @MethodSource("usesThatWait")
    @Timeout(60)
    void letsACallbackUseTheStoreWhateverTheExecutor(Use use, @TempDir Path dir) throws Exception {
        assertLetsACallback(use, Runnable::run, dir.resolve("direct"));
        assertLetsACallback(use, QueueTest::refuse, dir.resolve("refused"));
        assertLetsACallback(use, QueueTest::fail, dir.resolve("failed"));
    }

    private static void refuse(Runnable work) {
        throw new RejectedExecutionException("shut down");
    }

    private static void fail(Runnable work) {
        throw new OutOfMemoryError("unable to create native thread");
    }

    private static void assertLetsACallback(Use use, Executor executor, Path dir) throws Exception {
        try (var store = SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(1)
                .queueLimit(LIMIT)
                .executor(executor)
                .open()) {
            CompletableFuture<Boolean> chained;
            try (var gate = Gate.before(store.allShards().get(0))) {
                chained = store.putAsync(key(1), 1).thenApply(done -> Unchecked.call(() -> isUsed(use, store)));
            }
            assertThat(chained).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    private static boolean isUsed(Use use, SqlShard<Integer> store) throws IOException {
        try {
            use.of(store);
            return true;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Test
    void completesInTheExecutorEvenIfItsThreadHelpedToWrite(@TempDir Path dir) throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try (var store = SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(1)
                .executor(single)
                .open()) {
            Thread own = single.submit(Thread::currentThread).get();
            CompletableFuture<Thread> completed = new CompletableFuture<>();
            var done = single.submit(() -> {
                var unused = store.putAsync(key(1), 1).thenRun(() -> completed.complete(Thread.currentThread()));
                store.put(key(2), 2);
                return completed.isDone();
            });

            assertThat(done.get()).isFalse();
            assertThat(completed.get()).isSameAs(own);
        } finally {
            single.shutdown();
        }
    }

    @Test
    void usesTheThreadsOfTheCaller(@TempDir Path dir) throws Exception {
        List<Thread> made = new ArrayList<>();
        try (var store = SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(2)
                .threadFactory(work -> {
                    var thread = new Thread(work, "mine");
                    made.add(thread);
                    return thread;
                })
                .open()) {
            assertThat(store.size()).isZero();
        }
        for (Thread thread : made) {
            thread.join();
        }
        assertThat(made).hasSize(2);
    }

    @Test
    void saysThatAFactoryMadeNoThread(@TempDir Path dir) throws Exception {
        Stores.fill(dir, 2, 3);
        Queue<Thread> made = new ArrayDeque<>();
        var builder = Stores.builder(dir).threadFactory(work -> made.isEmpty() ? made(work, made) : noThread());

        assertThatIllegalStateException()
                .isThrownBy(builder::open)
                .withMessageContaining("returned null; let it return a new platform thread");

        assertNothingIsOpen(dir);
    }

    private static Thread made(Runnable work, Queue<Thread> made) {
        var thread = new Thread(work);
        thread.setDaemon(true);
        made.add(thread);
        return thread;
    }

    // as a factory of a caller without null checks would
    @SuppressWarnings("NullAway")
    private static Thread noThread() {
        return null;
    }

    @Test
    void closesWhatItHasOpenedWhenAThreadCannotBegin(@TempDir Path dir) throws Exception {
        Stores.fill(dir, 3, 3);
        Queue<Thread> made = new ArrayDeque<>();
        var builder = Stores.builder(dir).threadFactory(work -> {
            if (made.size() == 2) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return made(work, made);
        });

        assertThatThrownBy(builder::open).isInstanceOf(OutOfMemoryError.class);

        assertNothingIsOpen(dir);
    }

    private static void assertNothingIsOpen(Path dir) throws Exception {
        SqlShard.reshard(dir, 1);
        assertThat(Stores.contents(dir)).isEqualTo(Stores.rows(3));
    }

    @Test
    @Timeout(60)
    void failsWhatWouldWaitForAThreadThatIsNotMade(@TempDir Path dir) throws Exception {
        Queue<Thread> made = new ArrayDeque<>();
        try (var store = Stores.builder(dir)
                .shards(2)
                .threadFactory(work -> made.size() < 2 ? made(work, made) : noThread())
                .open()) {
            // more often than there are permits
            for (int i = 0; i < 5; i++) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> store.prune(1))
                        .withMessageContaining("returned null");
            }
        }
    }
}
