package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class VirtualThreadsTest {
    private static Executor virtualThreads() throws ReflectiveOperationException {
        return (Executor)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= 21;
    }

    @Test
    void haveTheirReadsAndWritesDoneByOthers(@TempDir Path dir) throws Exception {
        assumeTrue(hasVirtualThreads(), "skipped: this JVM has no virtual threads");
        List<Boolean> readers = new CopyOnWriteArrayList<>();
        ShardKey key = ShardKey.of("a", 1, "x");
        try (var store =
                SqlShard.builder(dir, ValueCodec.json(Integer.class)).shards(1).open()) {
            CompletableFuture<Integer> read = CompletableFuture.supplyAsync(
                    () -> Unchecked.call(() -> {
                        store.put(key, 1);
                        Shard shard = store.shardOf(key);
                        readers.add(shard.read(connection -> Handoff.isVirtual(Thread.currentThread())));
                        readers.add(
                                shard.write(Write.of(0, 0, connection -> Handoff.isVirtual(Thread.currentThread()))));
                        return store.get(key).orElseThrow();
                    }),
                    virtualThreads());

            assertThat(read.get()).isEqualTo(1);
            assertThat(readers).containsExactly(false, false);
        }
    }

    @Test
    void leaveNothingOpenWhenAScanIsInterrupted(@TempDir Path dir) throws Exception {
        assumeTrue(hasVirtualThreads(), "skipped: this JVM has no virtual threads");
        try (var store =
                SqlShard.builder(dir, ValueCodec.json(Integer.class)).shards(2).open()) {
            for (int i = 0; i < 2000; i++) {
                var unused = store.putAsync(ShardKey.of("key" + i % 10, i, "x"), i);
            }
            store.flush();
            CompletableFuture<Long> read = CompletableFuture.supplyAsync(
                    () -> Unchecked.call(() -> store.scan().keys().count()), virtualThreads());
            assertThat(read.get()).isEqualTo(2000);

            CompletableFuture<Integer> interrupted = CompletableFuture.supplyAsync(
                    () -> Unchecked.call(() -> countUntilInterrupted(store.scan())), virtualThreads());

            assertThat(interrupted.get()).isBetween(1, 1999);
            assertThat(store.allShards()).allMatch(shard -> shard.cursors().count() == 0);
        }
    }

    private static int countUntilInterrupted(Scan<?> scan) throws IOException, InterruptedException {
        Iterator<ShardKey> keys = scan.keys().iterator();
        int count = 0;
        try {
            while (keys.hasNext()) {
                keys.next();
                count++;
                Thread.currentThread().interrupt();
            }
        } catch (UncheckedIOException e) {
            assertThat(Thread.interrupted()).isTrue();
        }
        return count;
    }

    /** The other thread is still about to read when the virtual one has given up and closed the scan. */
    @Test
    void leaveNothingOpenWhenTheyGiveUpWhatOthersHaveBegun(@TempDir Path dir) throws Exception {
        assumeTrue(hasVirtualThreads(), "skipped: this JVM has no virtual threads");
        try (var store = SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(1)
                .readers(1)
                .open()) {
            store.put(ShardKey.of("a", 1, "x"), 1);
            Shard shard = store.allShards().get(0);
            ReadConnection only = shard.readers().borrow();
            var scanner = new CompletableFuture<Thread>();
            CompletableFuture<Long> count = CompletableFuture.supplyAsync(
                    () -> Unchecked.call(() -> {
                        scanner.complete(Thread.currentThread());
                        return store.scan().keys().count();
                    }),
                    virtualThreads());
            Eventually.until("begun", () -> shard.readers().reads() == 2);
            scanner.get().interrupt();

            assertThat(count)
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .withStackTraceContaining("interrupted");
            shard.readers().giveBack(only, true);
            assertThat(store.size()).isEqualTo(1);
            assertThat(store.scan().keys().count()).isEqualTo(1);
            assertThat(shard.cursors().count()).isZero();
        }
    }

    @Test
    @Timeout(60)
    void closeAStoreEvenIfInterrupted(@TempDir Path dir) throws Exception {
        assumeTrue(hasVirtualThreads(), "skipped: this JVM has no virtual threads");
        var store = SqlShard.builder(dir, ValueCodec.json(Integer.class)).open();
        store.put(ShardKey.of("a", 1, "x"), 1);

        CompletableFuture.runAsync(
                        () -> Unchecked.call(() -> {
                            Thread.currentThread().interrupt();
                            store.close();
                            return true;
                        }),
                        virtualThreads())
                .get();

        SqlShard.reshard(dir, 2);
    }

    @Test
    void areNotMistakenForOthers() {
        assertThat(Handoff.isVirtual(Thread.currentThread())).isFalse();
    }
}
