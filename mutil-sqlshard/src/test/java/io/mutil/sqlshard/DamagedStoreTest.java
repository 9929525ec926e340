package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        fill(dir, SHARDS);
        template = dir;
    }

    /** What can happen to a file while nobody has it open. */
    enum Damage {
        MISSING("the file of this shard is missing; restore it from a backup") {
            @Override
            void to(Path file, Path dir) throws Exception {
                Files.delete(file);
            }
        },
        DIRECTORY_MISSING("the store has 4 shards, this one is missing; restore it from a backup") {
            @Override
            void to(Path file, Path dir) throws Exception {
                Files.delete(file);
                Files.delete(file.getParent());
            }
        },
        EMPTY("the file is empty; restore it from a backup") {
            @Override
            void to(Path file, Path dir) throws Exception {
                Files.write(file, new byte[0]);
            }
        },
        CUT("the file is damaged or no SQLite database; restore it from a backup") {
            @Override
            void to(Path file, Path dir) throws Exception {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(channel.size() - 4096);
                }
            }
        },
        CUT_INSIDE_A_PAGE("restore it from a backup") {
            @Override
            void to(Path file, Path dir) throws Exception {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(1000);
                }
            }
        },
        ZEROS("the file is damaged or no SQLite database; restore it from a backup") {
            @Override
            void to(Path file, Path dir) throws Exception {
                Files.write(file, new byte[(int) Files.size(file)]);
            }
        },
        FLIPPED_BIT_IN_THE_HEADER("the file is damaged or no SQLite database; restore it from a backup") {
            @Override
            void to(Path file, Path dir) throws Exception {
                byte[] all = Files.readAllBytes(file);
                all[3] ^= 1;
                Files.write(file, all);
            }
        },
        OF_ANOTHER_STORE("the file belongs to another store than its sisters; restore the right file from a backup") {
            @Override
            void to(Path file, Path dir) throws Exception {
                sql(file, "UPDATE mutil_meta SET value = 'other' WHERE name = 'store_id'");
            }
        },
        OF_A_STORE_OF_ANOTHER_SHAPE("the file belongs to another store than its sisters; restore the right file") {
            @Override
            void to(Path file, Path dir) throws Exception {
                sql(file, "UPDATE mutil_meta SET value = 5 WHERE name = 'shards'");
            }
        },
        OF_ANOTHER_SHARD("the file is that of shard 1; move it back to the directory of that number, or restore") {
            @Override
            void to(Path file, Path dir) throws Exception {
                Files.copy(fileOf(dir, 1), file, StandardCopyOption.REPLACE_EXISTING);
            }
        },
        OF_A_NEWER_FORMAT("the file has format 2, this library knows 1; open it with a newer version") {
            @Override
            void to(Path file, Path dir) throws Exception {
                sql(file, "UPDATE mutil_meta SET value = 2 WHERE name = 'format'");
            }
        },
        OF_ANOTHER_HASH("the metadata is not complete, or its hash is not adler32; restore the file") {
            @Override
            void to(Path file, Path dir) throws Exception {
                sql(file, "UPDATE mutil_meta SET value = 'xxh64' WHERE name = 'hash'");
            }
        },
        PART_OF_METADATA("the metadata is not complete, or its hash is not adler32; restore the file") {
            @Override
            void to(Path file, Path dir) throws Exception {
                sql(file, "DELETE FROM mutil_meta WHERE name = 'shards'");
            }
        },
        NO_METADATA("the file has no metadata, but others of the store have; restore the right file, or") {
            @Override
            void to(Path file, Path dir) throws Exception {
                sql(file, "DROP TABLE mutil_meta");
            }
        },
        NO_TABLE("the file has no table db(key_0, ..., data)") {
            @Override
            void to(Path file, Path dir) throws Exception {
                sql(file, "DROP TABLE db");
            }
        },
        KEYS_OF_ANOTHER_LENGTH("its keys have 2 parts, those of the store 3; restore the right file") {
            @Override
            void to(Path file, Path dir) throws Exception {
                sql(file, "DROP TABLE db");
                sql(file, "CREATE TABLE db(key_0, key_1, data, PRIMARY KEY(key_0, key_1))");
            }
        };

        private final String message;

        Damage(String message) {
            this.message = message;
        }

        abstract void to(Path file, Path dir) throws Exception;
    }

    private static Path fileOf(Path dir, int shard) {
        return new StoreDirectory(dir).file(shard);
    }

    private static void sql(Path file, String statement) throws Exception {
        try (var connection = Connections.writing(file, false)) {
            Connections.execute(connection, statement);
        }
    }

    private static SqlShardBuilder<String> builder(Path dir) {
        return SqlShard.builder(dir, ValueCodec.json(String.class));
    }

    private static void fill(Path dir, int shards) throws Exception {
        try (var store = builder(dir).shards(shards).open()) {
            store.putAll(
                    IntStream.range(0, 40).boxed().collect(Collectors.toMap(DamagedStoreTest::key, i -> "value " + i)));
        }
    }

    /** A copy, as to make one takes longer. */
    private static void filled(Path dir) throws Exception {
        for (int i = 0; i < SHARDS; i++) {
            Files.createDirectories(dir.resolve("sqlshard").resolve(Integer.toString(i)));
            Files.copy(fileOf(template, i), fileOf(dir, i));
        }
    }

    private static ShardKey key(int i) {
        return ShardKey.of("key " + i, i, "x");
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
        damage.to(fileOf(dir, DAMAGED), dir);

        var refused = catchThrowableOfType(
                ShardFileException.class, () -> builder(dir).open().close());

        assertThat(refused).hasMessageContaining(damage.message).hasMessageContaining(refused.remedy());
        assertThat(fileOf(dir, DAMAGED).startsWith(refused.file())).isTrue();

        try (var store = builder(dir).allowDamagedShards().open()) {
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
        Damage.ZEROS.to(fileOf(dir, DAMAGED), dir);

        try (var store = builder(dir).allowDamagedShards().open()) {
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
        Damage.MISSING.to(fileOf(dir, DAMAGED), dir);

        try (var store = builder(dir).skipDamagedShards().open()) {
            assertThat(store.size()).isPositive().isLessThan(40);
            assertThat(store.stream().map(row -> store.indexOf(row.key()))).containsOnly(0, 1, 3);
            store.clear();
            assertThat(store.size()).isZero();
            assertThatThrownBy(() -> store.remove(keyOf(DAMAGED))).isInstanceOf(ShardFileException.class);
        }
    }

    @Test
    void refusesAStoreOfNothingButDamage(@TempDir Path dir) throws Exception {
        fill(dir, 1);
        Damage.ZEROS.to(fileOf(dir, 0), dir);

        assertThatThrownBy(() -> builder(dir).skipDamagedShards().open()).isInstanceOf(ShardFileException.class);
    }

    @Test
    void doesNotGuessWhichHalfOfTheFilesIsRight(@TempDir Path dir) throws Exception {
        filled(dir);
        Damage.OF_ANOTHER_STORE.to(fileOf(dir, 1), dir);
        Damage.OF_ANOTHER_STORE.to(fileOf(dir, 2), dir);

        assertThatThrownBy(() -> builder(dir).allowDamagedShards().open())
                .isInstanceOf(ShardFileException.class)
                .hasMessageContaining("the files belong to different stores");
    }

    @Test
    void usesARestoredFileAgain(@TempDir Path dir) throws Exception {
        filled(dir);
        Path file = fileOf(dir, DAMAGED);
        Path kept = Files.copy(file, dir.resolve("kept"));
        Damage.ZEROS.to(file, dir);
        assertThatThrownBy(() -> builder(dir).open()).isInstanceOf(ShardFileException.class);

        Files.copy(kept, file, StandardCopyOption.REPLACE_EXISTING);

        try (var store = builder(dir).open()) {
            assertThat(store.size()).isEqualTo(40);
        }
    }

    @Test
    void refusesAnotherNumberOfShardsThanTheFilesHave(@TempDir Path dir) throws Exception {
        filled(dir);

        assertThatThrownBy(() -> builder(dir).shards(5).open())
                .isInstanceOf(ShardFileException.class)
                .hasMessageContaining(
                        "shards of the store is 4, but 5 was asked for; leave shards out, or use another");
    }

    @Test
    void failsTheReadsThatMeetDamageInsideAFile(@TempDir Path dir) throws Exception {
        try (var store = builder(dir).shards(1).open()) {
            for (int i = 0; i < 2000; i++) {
                var unused = store.putAsync(key(i), "value " + i);
            }
        }
        zerosFromTenthPage(fileOf(dir, 0));

        try (var store = builder(dir).open()) {
            assertThatThrownBy(() -> store.forEach(row -> {}))
                    .isInstanceOf(ShardFileException.class)
                    .hasMessageContaining(fileOf(dir, 0).toString())
                    .hasMessageContaining("restore it from a backup");
            assertThatThrownBy(() -> store.get(key(7))).isInstanceOf(ShardFileException.class);
            assertThatThrownBy(() -> store.put(key(7), "x")).isInstanceOf(ShardFileException.class);
        }
    }

    private static void zerosFromTenthPage(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        Arrays.fill(all, 9 * 4096, all.length, (byte) 0);
        Files.write(file, all);
    }

    @Test
    void namesTheFileOfARowThatIsDamaged(@TempDir Path dir) throws Exception {
        fill(dir, 1);
        sql(fileOf(dir, 0), "UPDATE db SET data = substr(data, 1, 9) WHERE key_1 = 7");
        sql(fileOf(dir, 0), "UPDATE db SET data = x'0000' WHERE key_1 = 8");

        try (var store = builder(dir).open()) {
            assertThatThrownBy(() -> store.get(key(7)))
                    .isInstanceOf(ShardFileException.class)
                    .hasMessageContaining(fileOf(dir, 0).toString())
                    .hasMessageContaining("a row of 9 bytes is no whole zlib stream");
            assertThatThrownBy(() -> store.forEach(row -> {})).isInstanceOf(ShardFileException.class);
            assertThatThrownBy(() -> store.get(key(8))).isInstanceOf(ShardFileException.class);
            assertThat(store.get(key(9))).contains("value 9");
        }
    }

    @Test
    void namesTheFileOfARowOfAnotherTypeOrWithNulls(@TempDir Path dir) throws Exception {
        fill(dir, 1);
        sql(fileOf(dir, 0), "UPDATE db SET data = x'105B315D' WHERE key_1 = 7");
        assertAllReadsName(fileOf(dir, 0), "a row's value does not read as JSON of type java.lang.String", dir);

        sql(fileOf(dir, 0), "UPDATE db SET data = NULL WHERE key_1 = 7");
        assertAllReadsName(fileOf(dir, 0), "a row's data is null", dir);

        sql(fileOf(dir, 0), "UPDATE db SET key_0 = NULL WHERE key_1 = 7");
        assertAllReadsName(fileOf(dir, 0), "a row has null in its column key_0", dir);
        assertThatThrownBy(() -> SqlShard.reshard(dir, 2))
                .isInstanceOf(ShardFileException.class)
                .hasMessageContaining(fileOf(dir, 0) + ": a row has null in its column key_0");
    }

    private static void assertAllReadsName(Path file, String problem, Path dir) throws Exception {
        String message = file + ": " + problem;
        try (var store = builder(dir).open()) {
            assertThatThrownBy(() -> store.forEach(row -> {}))
                    .isInstanceOf(ShardFileException.class)
                    .hasMessageContaining(message);
            assertThatThrownBy(() -> {
                        try (var rows = store.scan().stream()) {
                            rows.forEach(row -> {});
                        }
                    })
                    .hasStackTraceContaining(message);
        }
    }
}
