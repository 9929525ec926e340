package io.mutil.sqlshard;

import static io.mutil.sqlshard.Stores.contents;
import static io.mutil.sqlshard.Stores.fill;
import static io.mutil.sqlshard.Stores.names;
import static io.mutil.sqlshard.Stores.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FullDiskTest {
    private static final String FULL = "the disk is full, or the file has reached its limit; nothing that was"
            + " acknowledged is lost, free space and try again";

    private static byte[] value(int i) {
        var value = new byte[2000];
        new Random(i).nextBytes(value);
        return value;
    }

    private static ShardKey key(int thread, int i) {
        return ShardKey.of("thread " + thread, i, "x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"everyWrite", "group"})
    void losesNothingThatWasAcknowledged(String durability, @TempDir Path dir) throws Exception {
        try (SmallDisk disk = SmallDisk.mounted(dir, 3000)) {
            try (var store = SqlShard.builder(dir, ValueCodec.bytes())
                    .shards(2)
                    .durability(CrashChild.durability(durability))
                    .open()) {
                disk.fill(1000);
                List<Integer> done = putUntilFull(store);
                assertHolds(store, done);

                disk.free();

                store.put(key(9, 0), value(0));
                store.flush();
                assertThat(store.get(key(9, 0))).isPresent();
                assertHolds(store, done);
            }
            assertIsSound(dir);
        }
    }

    /** How many each thread has put. */
    private static List<Integer> putUntilFull(SqlShard<byte[]> store) {
        List<CompletableFuture<Integer>> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int thread = i;
            threads.add(CompletableFuture.supplyAsync(() -> putUntilFull(store, thread)));
        }
        return threads.stream().map(CompletableFuture::join).toList();
    }

    private static int putUntilFull(SqlShard<byte[]> store, int thread) {
        int done = 0;
        try {
            while (done < 10_000) {
                store.put(key(thread, done), value(done));
                done++;
            }
            throw new AssertionError("the disk is never full");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining(FULL);
            return done;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertHolds(SqlShard<byte[]> store, List<Integer> done) throws Exception {
        for (int thread = 0; thread < done.size(); thread++) {
            for (int i = 0; i < done.get(thread); i++) {
                assertThat(store.get(key(thread, i)).orElseThrow()).isEqualTo(value(i));
            }
        }
    }

    private static void assertIsSound(Path dir) throws Exception {
        try (var store = SqlShard.builder(dir, ValueCodec.bytes()).open()) {
            assertThat(store.check().isSound()).isTrue();
        }
    }

    @Test
    void keepsWhatIsBehindUntilThereIsSpace(@TempDir Path dir) throws Exception {
        try (SmallDisk disk = SmallDisk.mounted(dir, 3000)) {
            try (var store = SqlShard.builder(dir, ValueCodec.bytes())
                    .shards(2)
                    .durability(Durability.behind(Duration.ofDays(1)))
                    .open()) {
                disk.fill(2200);
                for (int i = 0; i < 400; i++) {
                    store.put(key(0, i), value(i));
                }
                assertThatThrownBy(store::flush).isInstanceOf(IOException.class).hasMessageContaining(FULL);
                assertHolds(store, List.of(400));

                disk.free();

                store.flush();
                assertHolds(store, List.of(400));
            }
            assertIsSound(dir);
        }
    }

    @Test
    void leavesNothingOfABackup(@TempDir Path dir, @TempDir Path small) throws Exception {
        fillMuch(dir);
        try (SmallDisk disk = SmallDisk.mounted(small, 600);
                var store = SqlShard.builder(dir, ValueCodec.bytes()).open()) {
            assertThatThrownBy(() -> store.backup(small))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(small.toString())
                    .hasMessageContaining(FULL);
            assertThat(names(small)).isEmpty();
            assertThat(disk).isNotNull();
            assertThat(store.size()).isEqualTo(300);
        }
    }

    private static void fillMuch(Path dir) throws Exception {
        try (var store = SqlShard.builder(dir, ValueCodec.bytes()).shards(2).open()) {
            for (int i = 0; i < 300; i++) {
                var unused = store.putAsync(key(i, i), value(i));
            }
        }
    }

    @Test
    void leavesTheStoreAsItWasWhenResharding(@TempDir Path dir) throws Exception {
        try (SmallDisk disk = SmallDisk.mounted(dir, 3000)) {
            fillMuch(dir);
            disk.fill(2000);

            assertThatThrownBy(() -> SqlShard.reshard(dir, 3))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(FULL);
            assertIsSound(dir);
            assertThat(names(dir)).containsExactly("ballast", "sqlshard");

            disk.free();
            SqlShard.reshard(dir, 3);
            assertIsSound(dir);
        }
    }

    @Test
    void leavesTheStoreAsItWasWhenANewFileCannotGrow(@TempDir Path dir) throws Exception {
        fill(dir, 2, 2000);
        var resharding = new Resharding(
                new StoreDirectory(dir),
                3,
                file -> {
                    var connection = Connections.filling(file, 256);
                    Connections.execute(connection, "PRAGMA max_page_count = 20");
                    return connection;
                },
                Steps.UNWATCHED);

        assertThatThrownBy(resharding::run).isInstanceOf(IOException.class).hasMessageContaining(FULL);

        assertThat(names(dir)).containsExactly("sqlshard");
        assertThat(contents(dir)).isEqualTo(rows(2000));
    }
}
