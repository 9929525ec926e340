package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Files of the Python library do not say what they are, so their rows have to. */
class DamagedOriginalTest {
    private static final int DAMAGED = 2;

    private Path dir;

    @BeforeEach
    void unpack(@TempDir Path dir) throws Exception {
        this.dir = dir;
        Tar.unpack("sqlshard_4x3.tar", dir);
    }

    private SqlShardBuilder<JsonNode> builder() {
        return SqlShard.builder(dir, ValueCodec.json(JsonNode.class));
    }

    private Path file(int shard) {
        return Stores.file(dir, shard);
    }

    private void assertOthersOpenOnRequest(String problem) throws Exception {
        assertThatExceptionOfType(ShardFileException.class)
                .isThrownBy(() -> builder().open())
                .withMessageContaining(file(DAMAGED) + ": " + problem);

        try (var store = builder().allowDamagedShards().open()) {
            assertThat(store.stats().shards())
                    .extracting(ShardStats::damaged)
                    .containsExactly(false, false, true, false);
            assertThatExceptionOfType(ShardFileException.class)
                    .isThrownBy(store::size)
                    .withMessageContaining(problem);
        }
        try (var store = builder().skipDamagedShards().open()) {
            assertThat(store.size()).isPositive();
        }
    }

    @Test
    void opensTheOthersWhenThePagesOfOneAreDamaged() throws Exception {
        byte[] all = Files.readAllBytes(file(DAMAGED));
        // the first of the table; the one before it has the schema
        Arrays.fill(all, 4096, 2 * 4096, (byte) 0);
        Files.write(file(DAMAGED), all);

        assertOthersOpenOnRequest("the file is damaged or no SQLite database");
    }

    @Test
    void opensTheOthersWhenRowsOfOneAreMisplaced() throws Exception {
        misplaceARow(DAMAGED);

        assertOthersOpenOnRequest("rows do not belong to shard 2 of 4 when part 0 of the key decides");
    }

    private void misplaceARow(int shard) throws Exception {
        int part = 0;
        while (KeyPart.shard(Integer.toString(part), 4) == shard) {
            part++;
        }
        Stores.sql(file(shard), "INSERT INTO db VALUES ('" + part + "', 1, 1, x'1030')");
    }

    @Test
    void doesNotGuessWhichHalfOfTheFilesIsRight() throws Exception {
        misplaceARow(0);
        misplaceARow(1);

        assertThatExceptionOfType(ShardFileException.class)
                .isThrownBy(() -> builder().allowDamagedShards().open())
                .withMessageContaining("rows do not belong to shard 0 of 4");
    }

    @Test
    void takesNoFileForDamagedWhenAnotherPartChoosesTheShard(@TempDir Path other) throws Exception {
        Tar.unpack("sqlshard_3x2_idx1.tar", other);
        // fits whatever part it is
        Stores.sql(Stores.file(other, 0), "DELETE FROM db");
        Stores.sql(Stores.file(other, 1), "DELETE FROM db");

        assertThatExceptionOfType(ShardFileException.class)
                .isThrownBy(() -> SqlShard.builder(other, ValueCodec.json(JsonNode.class))
                        .allowDamagedShards()
                        .open())
                .withMessageContaining("open the store with shardIndex(1)");
    }
}
