package io.mutil.sqlshard;

import static io.mutil.sqlshard.Stores.file;
import static io.mutil.sqlshard.Stores.fill;
import static io.mutil.sqlshard.Stores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DamagedStoreTest {
    private static final int SHARDS = 4;
    private static final int DAMAGED = 2;

    private static Path template = Path.of("");

    @BeforeAll
    static void makeAStore(@TempDir Path dir) throws Exception {
        fill(dir, SHARDS, 40);
        template = dir;
    }

    /** A copy, as to make one takes longer. */
    private static void filled(Path dir) throws Exception {
        for (int i = 0; i < SHARDS; i++) {
            Files.createDirectories(dir.resolve("sqlshard").resolve(Integer.toString(i)));
            Files.copy(file(template, i), file(dir, i));
        }
    }

    private static ShardKey keyOf(int shard) {
        var shape = new StoreShape(SHARDS, 3, 0);
        int i = 0;
        while (shape.shardOf(key(i)) != shard) {
            i++;
        }
        return key(i);
    }

    @ParameterizedTest
    @EnumSource
    void refusesAStoreWithADamagedFileButOpensTheOthersOnRequest(Damage damage, @TempDir Path dir) throws Exception {
        filled(dir);
        damage.to(file(dir, DAMAGED), dir);

        var refused = catchThrowableOfType(
                ShardFileException.class, () -> Stores.builder(dir).open().close());

        assertThat(refused).hasMessageContaining(damage.message).hasMessageContaining(refused.remedy());
        assertThat(file(dir, DAMAGED).startsWith(refused.file())).isTrue();

        try (var store = Stores.builder(dir).allowDamagedShards().open()) {
            store.put(keyOf(1), "new");
            store.flush();
            assertThat(store.get(keyOf(1))).contains("new");
            assertThatThrownBy(() -> store.get(keyOf(DAMAGED)))
                    .isInstanceOf(ShardFileException.class)
                    .hasMessageContaining(damage.message);
            assertThatThrownBy(() -> store.put(keyOf(DAMAGED), "new")).isInstanceOf(ShardFileException.class);
            assertThat(store.stats().shards())
                    .extracting(ShardStats::damaged)
                    .containsExactly(false, false, true, false);
        }
    }

    @Test
    void failsQuestionsToTheWholeStoreUnlessToldToSkip(@TempDir Path dir) throws Exception {
        filled(dir);
        Damage.ZEROS.to(file(dir, DAMAGED), dir);

        try (var store = Stores.builder(dir).allowDamagedShards().open()) {
            assertThatThrownBy(store::size).isInstanceOf(ShardFileException.class);
            assertThatThrownBy(store::clear).isInstanceOf(ShardFileException.class);
            assertThatThrownBy(store::stream)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(ShardFileException.class);
            assertThatThrownBy(() -> store.putAsync(keyOf(DAMAGED), "x").get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ShardFileException.class);
        }
    }

    @Test
    void leavesDamagedShardsOutWhenToldTo(@TempDir Path dir) throws Exception {
        filled(dir);
        Damage.MISSING.to(file(dir, DAMAGED), dir);

        try (var store = Stores.builder(dir).skipDamagedShards().open()) {
            assertThat(store.size()).isPositive().isLessThan(40);
            assertThat(store.stream().map(row -> new StoreShape(SHARDS, 3, 0).shardOf(row.key())))
                    .containsOnly(0, 1, 3);
            store.clear();
            assertThat(store.size()).isZero();
            assertThatThrownBy(() -> store.remove(keyOf(DAMAGED))).isInstanceOf(ShardFileException.class);
        }
    }

    @Test
    void refusesAStoreOfNothingButDamage(@TempDir Path dir) throws Exception {
        fill(dir, 1, 40);
        Damage.ZEROS.to(file(dir, 0), dir);

        assertThatThrownBy(() -> Stores.builder(dir).skipDamagedShards().open()).isInstanceOf(ShardFileException.class);
    }

    @Test
    void doesNotGuessWhichHalfOfTheFilesIsRight(@TempDir Path dir) throws Exception {
        filled(dir);
        Damage.OF_ANOTHER_STORE.to(file(dir, 1), dir);
        Damage.OF_ANOTHER_STORE.to(file(dir, 2), dir);

        assertThatThrownBy(() -> Stores.builder(dir).allowDamagedShards().open())
                .isInstanceOf(ShardFileException.class)
                .hasMessageContaining("the files belong to different stores");
    }

    @Test
    void usesARestoredFileAgain(@TempDir Path dir) throws Exception {
        filled(dir);
        Path file = file(dir, DAMAGED);
        Path kept = Files.copy(file, dir.resolve("kept"));
        Damage.ZEROS.to(file, dir);
        assertThatThrownBy(() -> Stores.builder(dir).open()).isInstanceOf(ShardFileException.class);

        Files.copy(kept, file, StandardCopyOption.REPLACE_EXISTING);

        try (var store = Stores.builder(dir).open()) {
            assertThat(store.size()).isEqualTo(40);
        }
    }

    @Test
    void refusesAnotherNumberOfShardsThanTheFilesHave(@TempDir Path dir) throws Exception {
        filled(dir);

        assertThatThrownBy(() -> Stores.builder(dir).shards(5).open())
                .isInstanceOf(ShardFileException.class)
                .hasMessageContaining(
                        "shards of the store is 4, but 5 was asked for; leave shards out, reshard the store, or use another");
    }
}
