package io.mutil.sqlshard;

import static io.mutil.sqlshard.Stores.file;
import static io.mutil.sqlshard.Stores.fill;
import static io.mutil.sqlshard.Stores.key;
import static io.mutil.sqlshard.Stores.sql;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {
    private static List<String> problems(Path dir) throws Exception {
        try (var store = Stores.builder(dir).open()) {
            return store.check().shards().get(0).problems();
        }
    }

    @Test
    void looksAtEveryRowAndFindsNothingInASoundStore(@TempDir Path dir) throws Exception {
        fill(dir, 3, 1000);

        try (var store = Stores.builder(dir)
                .durability(Durability.behind(Duration.ofDays(1)))
                .open()) {
            store.put(key(1000), "behind");
            StoreReport report = store.check();

            assertThat(report.isSound()).isTrue();
            assertThat(report.shards())
                    .extracting(ShardReport::file)
                    .containsExactly(file(dir, 0), file(dir, 1), file(dir, 2));
            assertThat(report.shards().stream().mapToLong(ShardReport::rows).sum())
                    .isEqualTo(1001);
            assertThat(report).hasToString("StoreReport[3 shards, sound]");
        }
    }

    @Test
    void findsRowsThatCannotBeReadAndRowsOfOtherShards(@TempDir Path dir) throws Exception {
        fill(dir, 2, 0);
        String elsewhere = new StoreShape(2, 3, 0).shardOf(key(1)) == 0 ? "key 1" : "key 2";
        sql(
                file(dir, 0),
                "INSERT INTO db VALUES ('" + (elsewhere.equals("key 1") ? "key 2" : "key 1")
                        + "', 1, 'secret', x'3031')");
        sql(file(dir, 0), "INSERT INTO db VALUES (NULL, 2, 'secret', x'1022')");

        assertThat(new StoreShape(2, 3, 0).shardOf(key(1))).isNotEqualTo(new StoreShape(2, 3, 0).shardOf(key(2)));
        assertThat(problems(dir))
                .hasSize(2)
                .noneMatch(problem -> problem.contains("secret"))
                .anyMatch(problem -> problem.startsWith("rowid 1: its key belongs to shard 1"))
                .anyMatch(problem -> problem.startsWith("rowid 2: a row has null in its column key_0"));
    }

    @Test
    void findsValuesThatAreNotOfTheType(@TempDir Path dir) throws Exception {
        fill(dir, 1, 3);
        sql(file(dir, 0), "UPDATE db SET data = x'10' || CAST('[1]' AS BLOB) WHERE key_1 = 0");
        sql(file(dir, 0), "UPDATE db SET data = substr(data, 1, 10) WHERE key_1 = 1");
        sql(file(dir, 0), "UPDATE db SET data = NULL WHERE key_1 = 2");

        assertThat(problems(dir))
                .hasSize(3)
                .anyMatch(problem -> problem.contains("does not read as JSON"))
                .anyMatch(problem -> problem.contains("no whole zlib stream"))
                .anyMatch(problem -> problem.contains("data is null"));
    }

    @Test
    void saysNoMoreThanIsUseful(@TempDir Path dir) throws Exception {
        fill(dir, 1, 500);
        sql(file(dir, 0), "UPDATE db SET data = x'00'");

        assertThat(problems(dir)).hasSize(101).last().isEqualTo("there are more problems");
    }

    @Test
    void findsPagesThatAreNoLongerWhatTheyWere(@TempDir Path dir) throws Exception {
        fill(dir, 2, 2000);
        byte[] all = Files.readAllBytes(file(dir, 0));
        Arrays.fill(all, 9 * 4096, 11 * 4096, (byte) 0);
        Files.write(file(dir, 0), all);

        try (var store = Stores.builder(dir).open()) {
            StoreReport report = store.check();

            assertThat(report.shards()).extracting(ShardReport::isSound).containsExactly(false, true);
            assertThat(report.toString())
                    .contains(file(dir, 0) + ": ")
                    .doesNotContain(file(dir, 1).toString());
        }
    }

    @Test
    void findsFilesThatWereChangedUnderAnOpenStore(@TempDir Path dir) throws Exception {
        fill(dir, 2, 10);

        try (var store = Stores.builder(dir).open()) {
            sql(file(dir, 0), "UPDATE mutil_meta SET value = 9 WHERE name = 'shards'");

            assertThat(store.check().shards().get(0).problems())
                    .containsExactly(
                            "the metadata are not those that the store was opened with; close it and open it again");
        }
    }

    @Test
    void reportsShardsThatWereDamagedFromTheStart(@TempDir Path dir) throws Exception {
        fill(dir, 2, 10);
        Files.delete(file(dir, 1));

        try (var store = Stores.builder(dir).allowDamagedShards().open()) {
            StoreReport report = store.check();

            assertThat(report.isSound()).isFalse();
            assertThat(report.shards().get(0).isSound()).isTrue();
            assertThat(report.shards().get(1).problems())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("missing");
        }
    }

    @Test
    void letsWritersGoOnMeanwhile(@TempDir Path dir) throws Exception {
        fill(dir, 1, 600);

        try (var store = Stores.builder(dir).open()) {
            long rows = store.shardOf(key(1)).read(connection -> {
                try (var all = connection.jdbc().createStatement().executeQuery("SELECT * FROM db")) {
                    all.next();
                    var written = store.putAsync(key(1000), "new");
                    written.join();
                    return 1L;
                }
            });

            assertThat(rows).isOne();
            assertThat(store.check().isSound()).isTrue();
        }
    }
}
