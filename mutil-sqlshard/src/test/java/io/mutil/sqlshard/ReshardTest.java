package io.mutil.sqlshard;

import static io.mutil.sqlshard.Stores.contents;
import static io.mutil.sqlshard.Stores.file;
import static io.mutil.sqlshard.Stores.fill;
import static io.mutil.sqlshard.Stores.key;
import static io.mutil.sqlshard.Stores.names;
import static io.mutil.sqlshard.Stores.rows;
import static io.mutil.sqlshard.Stores.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReshardTest {
    @Test
    void keepsEveryRowWhateverTheNumberOfFiles(@TempDir Path dir) throws Exception {
        fill(dir, 3, 300);

        for (int shards : new int[] {7, 2, 2, 1, 3}) {
            SqlShard.reshard(dir, shards);
            assertHoldsAll(dir, shards);
        }
    }

    private static void assertHoldsAll(Path dir, int shards) throws Exception {
        try (var store = Stores.builder(dir).open()) {
            assertThat(store.shards()).isEqualTo(shards);
            assertThat(contents(store)).isEqualTo(rows(300));
            assertThat(store.check().isSound()).isTrue();
            assertThat(store.get(key(17))).contains("value 17");
        }
        assertThat(names(dir)).containsExactly("sqlshard");
        assertThat(names(dir.resolve("sqlshard"))).hasSize(shards);
    }

    @Test
    void keepsTheBytesOfRowsAndTheTypesOfKeys(@TempDir Path dir) throws Exception {
        fill(dir, 1, 0);
        sql(file(dir, 0), "INSERT INTO db VALUES (1, 1.5, x'00ff', x'789c0102')");
        sql(file(dir, 0), "INSERT INTO db VALUES (9007199254740993, 'text', 2.0, x'11')");
        Map<String, String> before = bytes(dir, 1);

        SqlShard.reshard(dir, 4);

        assertThat(before).hasSize(2);
        assertThat(bytes(dir, 4)).isEqualTo(before);
    }

    private static Map<String, String> bytes(Path dir, int shards) throws Exception {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < shards; i++) {
            try (var connection = Connections.reading(file(dir, i));
                    var rows = connection
                            .createStatement()
                            .executeQuery("SELECT key_0, typeof(key_0), key_1,"
                                    + " typeof(key_1), hex(key_2), typeof(key_2), data FROM db")) {
                while (rows.next()) {
                    var key = new StringBuilder();
                    for (int column = 1; column < 7; column++) {
                        key.append(rows.getString(column)).append(' ');
                    }
                    all.put(key.toString(), HexFormat.of().formatHex(rows.getBytes(7)));
                }
            }
        }
        return all;
    }

    @Test
    void takesFilesOfTheOriginal(@TempDir Path dir) throws Exception {
        fill(dir, 2, 100);
        sql(file(dir, 0), "DROP TABLE mutil_meta");
        sql(file(dir, 1), "DROP TABLE mutil_meta");

        SqlShard.reshard(dir, 3);

        try (var store = Stores.builder(dir).shards(3).open()) {
            assertThat(contents(store)).isEqualTo(rows(100));
            assertThat(store.check().isSound()).isTrue();
        }
    }

    @Test
    void keepsThePartThatChoosesTheShard(@TempDir Path dir) throws Exception {
        try (var store =
                Stores.builder(dir).shards(2).keyLength(2).shardIndex(1).open()) {
            for (int i = 0; i < 50; i++) {
                store.put(ShardKey.of(i % 5, "k" + i), "v" + i);
            }
        }

        SqlShard.reshard(dir, 5);

        try (var store = Stores.builder(dir).open()) {
            assertThat(store.shardIndex()).isOne();
            assertThat(store.keyLength()).isEqualTo(2);
            assertThat(store.size()).isEqualTo(50);
            assertThat(store.get(ShardKey.of(3, "k8"))).contains("v8");
        }
    }

    @Test
    void refusesAStoreThatIsOpen(@TempDir Path dir) throws Exception {
        fill(dir, 2, 10);

        try (var store = Stores.builder(dir).open()) {
            assertThatThrownBy(() -> SqlShard.reshard(dir, 3))
                    .isInstanceOf(ShardFileException.class)
                    .hasMessageContaining("the store is open; close it in every process");
            store.put(key(3), "still");
        }

        assertThat(contents(dir)).hasSize(10).containsEntry(key(3), "still");
        assertThat(names(dir)).containsExactly("sqlshard");
    }

    @Test
    void refusesWhatIsNoWholeStore(@TempDir Path dir) throws Exception {
        assertThatIllegalArgumentException().isThrownBy(() -> SqlShard.reshard(dir, 0));
        assertThatThrownBy(() -> SqlShard.reshard(dir, 2))
                .isInstanceOf(ShardFileException.class)
                .hasMessageContaining("there is no store");
        fill(dir, 2, 10);
        Files.delete(file(dir, 1));

        assertThatThrownBy(() -> SqlShard.reshard(dir, 3))
                .isInstanceOf(ShardFileException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void refusesRowsThatAreNotWhereTheyBelong(@TempDir Path dir) throws Exception {
        fill(dir, 2, 10);
        sql(file(dir, 0), "UPDATE db SET key_0 = 'key ' || (key_1 + 1)");

        assertThatThrownBy(() -> SqlShard.reshard(dir, 3))
                .isInstanceOf(ShardFileException.class)
                .hasMessageContaining("belongs to shard 1; see what check() says");
        assertThat(names(dir)).containsExactly("sqlshard");
        try (var store = Stores.builder(dir).open()) {
            assertThat(store.shards()).isEqualTo(2);
        }
    }

    @Test
    void leavesTheStoreAsItWasWhenItFails(@TempDir Path dir) throws Exception {
        fill(dir, 2, 20);

        for (String step : List.of("locked", "begun", "copied shard 0", "built", "on disk", "old files out")) {
            assertLeavesTheStoreWhenItFails(step, dir);
        }

        SqlShard.reshard(dir, 3);
        assertThat(contents(dir)).isEqualTo(rows(20));
    }

    private static void assertLeavesTheStoreWhenItFails(String failing, Path dir) throws Exception {
        assertThatThrownBy(() -> Resharding.run(dir, 3, step -> {
                    if (step.equals(failing)) {
                        throw new IOException("at " + step);
                    }
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("at " + failing);

        assertThat(names(dir)).containsExactly("sqlshard");
        assertThat(contents(dir)).isEqualTo(rows(20));
    }

    @Test
    void leavesTheStoreAsItWasWhenInterrupted(@TempDir Path dir) throws Exception {
        fill(dir, 2, 20);

        assertThatThrownBy(() -> Resharding.run(dir, 3, step -> {
                    if (step.equals("begun")) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .isInstanceOf(InterruptedException.class);

        assertThat(names(dir)).containsExactly("sqlshard");
        assertThat(contents(dir)).isEqualTo(rows(20));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void letsWhoOpensItMeanwhileWaitForTheNewFiles(int shards, @TempDir Path dir) throws Exception {
        fill(dir, shards, 20);
        var opened = new FutureTask<>(() -> Stores.builder(dir).open());
        var opener = new Thread(opened);

        Resharding.run(dir, 3, step -> {
            if (step.equals("locked")) {
                opener.start();
                Eventually.until("opening", () -> isOpening(opener));
            }
            assertThat(opened).isNotDone();
        });

        try (var store = opened.get()) {
            assertThat(store.shards()).isEqualTo(3);
            assertThat(contents(store)).isEqualTo(rows(20));
        }
    }

    /** It cannot come out of there before the files are let go. */
    private static boolean isOpening(Thread thread) {
        String files = StoreDirectory.class.getName();
        return Arrays.stream(thread.getStackTrace()).anyMatch(frame -> files.equals(frame.getClassName()));
    }

    @Test
    void doesNotDeleteAStoreForOneThatTookItsPlace(@TempDir Path dir) throws Exception {
        fill(dir, 2, 20);
        Path old = Files.createDirectory(dir.resolve(".sqlshard-reshard")).resolve("old");
        Files.move(dir.resolve("sqlshard"), old);
        fill(dir.resolve("other"), 2, 1);
        Files.move(dir.resolve("other/sqlshard"), dir.resolve("sqlshard"));

        assertThatThrownBy(() -> Stores.builder(dir).open())
                .isInstanceOf(ShardFileException.class)
                .hasMessageContaining("move one of the two away; the store belongs at " + dir.resolve("sqlshard"));
        assertThat(Files.exists(old.resolve("0/sqlshard.db"))).isTrue();
    }
}
