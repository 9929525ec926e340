package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreDirectoryTest {
    private static final ShardKey KEY = ShardKey.of("a", 1L, "x");

    private static SqlShardBuilder<Integer> store(Path dir) {
        return SqlShard.builder(dir, ValueCodec.json(Integer.class));
    }

    private static void create(Path dir, int shards) throws Exception {
        try (var store = store(dir).shards(shards).open()) {
            store.put(KEY, 1);
        }
    }

    private static void assertRefused(Path dir, String problem, String remedy) {
        assertRefused(store(dir), problem, remedy);
    }

    private static void assertRefused(SqlShardBuilder<Integer> builder, String problem, String remedy) {
        assertThatExceptionOfType(ShardFileException.class)
                .isThrownBy(builder::open)
                .withMessageContaining(problem)
                .satisfies(e -> assertThat(e.remedy()).contains(remedy))
                .satisfies(e -> assertThat(e.file().toString()).contains("sqlshard"));
    }

    private static Path file(Path dir, int shard) {
        return dir.resolve("sqlshard").resolve(Integer.toString(shard)).resolve("sqlshard.db");
    }

    private static void sql(Path file, String sql) throws Exception {
        try (Connection connection = Connections.writing(file, false)) {
            Connections.execute(connection, sql);
        }
    }

    @Test
    void refusesAnotherShape(@TempDir Path dir) throws Exception {
        create(dir, 3);

        assertRefused(store(dir).shards(4), "shards of the store is 3, but 4 was asked for", "leave shards out");
        assertRefused(store(dir).keyLength(2), "keyLength of the store is 3", "leave keyLength out");
        assertRefused(store(dir).shardIndex(1), "shardIndex of the store is 0", "leave shardIndex out");
        store(dir).shards(3).keyLength(3).shardIndex(0).open().close();
    }

    @Test
    void remembersItsShape(@TempDir Path dir) throws Exception {
        ShardKey key = ShardKey.of("a", "b");
        try (var store = store(dir).shards(5).keyLength(2).shardIndex(1).open()) {
            store.put(key, 1);
        }

        try (var store = store(dir).open()) {
            assertThat(store.shards()).isEqualTo(5);
            assertThat(store.keyLength()).isEqualTo(2);
            assertThat(store.shardIndex()).isEqualTo(1);
            assertThat(store.get(key)).contains(1);
        }
    }

    @Test
    void refusesAMissingShard(@TempDir Path dir) throws Exception {
        create(dir, 3);
        Files.delete(file(dir, 1));
        assertRefused(dir, "missing", "restore");

        Files.delete(file(dir, 1).getParent());
        assertRefused(dir, "3 shards, this one is missing", "restore");
    }

    @Test
    void refusesAMissingLastShard(@TempDir Path dir) throws Exception {
        create(dir, 3);
        Files.delete(file(dir, 2));
        Files.delete(file(dir, 2).getParent());

        assertRefused(dir, "missing", "restore");
    }

    @Test
    void refusesTheFileOfAnotherStore(@TempDir Path dir, @TempDir Path other) throws Exception {
        create(dir, 3);
        create(other, 3);
        Files.copy(file(other, 1), file(dir, 1), StandardCopyOption.REPLACE_EXISTING);

        assertRefused(dir, "belongs to another store", "restore the right file");
    }

    @Test
    void refusesExchangedFiles(@TempDir Path dir) throws Exception {
        create(dir, 2);
        Files.copy(file(dir, 0), file(dir, 1), StandardCopyOption.REPLACE_EXISTING);

        assertRefused(dir, "the file is that of shard 0", "move it back");
    }

    @Test
    void refusesAShardBeyondTheLast(@TempDir Path dir) throws Exception {
        create(dir, 2);
        Files.createDirectory(file(dir, 2).getParent());
        Files.copy(file(dir, 1), file(dir, 2));
        sql(file(dir, 2), "UPDATE mutil_meta SET value = 2 WHERE name = 'shard'");

        assertRefused(dir, "2 shards, this one is beyond", "move it away");
    }

    @Test
    void refusesANewerFormatAndAnotherHash(@TempDir Path dir) throws Exception {
        create(dir, 1);
        sql(file(dir, 0), "UPDATE mutil_meta SET value = 2 WHERE name = 'format'");
        assertRefused(dir, "format 2, this library knows 1", "newer version");

        sql(file(dir, 0), "UPDATE mutil_meta SET value = 1 WHERE name = 'format'");
        sql(file(dir, 0), "UPDATE mutil_meta SET value = 'murmur3' WHERE name = 'hash'");
        assertRefused(dir, "hash is not adler32", "newer version");
    }

    @Test
    void refusesWhatIsNoShardFile(@TempDir Path dir) throws Exception {
        create(dir, 1);
        sql(file(dir, 0), "DROP TABLE db");
        assertRefused(dir, "no table db", "move it away");

        Files.write(
                file(dir, 0),
                "this is no database, though it is long enough to be taken for one"
                        .repeat(20)
                        .getBytes(StandardCharsets.UTF_8));
        assertRefused(dir, "damaged", "backup");
    }

    @Test
    void leavesFilesOfTheOriginalWithoutMetadata(@TempDir Path dir) throws Exception {
        Tar.unpack("sqlshard_4x3.tar", dir);

        try (var store = SqlShard.open(dir, Object.class)) {
            store.put(KEY, 1);
        }

        assertThat(hasMetadata(dir)).isFalse();
    }

    @Test
    void adoptsFilesOfTheOriginalWhenAsked(@TempDir Path dir) throws Exception {
        Tar.unpack("sqlshard_4x3.tar", dir);

        store(dir).adopt().open().close();

        assertThat(hasMetadata(dir)).isTrue();
        assertRefused(store(dir).shards(5), "shards of the store is 4", "leave shards out");
        store(dir).adopt().open().close();
        Files.delete(file(dir, 2));
        assertRefused(dir, "missing", "restore");
    }

    private static boolean hasMetadata(Path dir) throws Exception {
        try (Connection connection = Connections.reading(file(dir, 0))) {
            return Metadata.read(connection) != null;
        }
    }

    @Test
    void refusesHalfAdoptedFilesUntilAskedAgain(@TempDir Path dir) throws Exception {
        Tar.unpack("sqlshard_4x3.tar", dir);
        store(dir).adopt().open().close();
        sql(file(dir, 2), "DROP TABLE mutil_meta");

        assertRefused(dir, "no metadata", "adopt()");
        store(dir).adopt().open().close();
        store(dir).open().close();
    }

    @Test
    void findsOutWhichPartChoosesTheShard(@TempDir Path dir) throws Exception {
        Tar.unpack("sqlshard_3x2_idx1.tar", dir);

        assertRefused(dir, "rows do not belong to shard", "shardIndex(1)");
        store(dir).shardIndex(1).open().close();
    }

    @Test
    void refusesFilesOfTheOriginalWithAnotherNumberOfShards(@TempDir Path dir) throws Exception {
        Tar.unpack("sqlshard_4x3.tar", dir);
        Files.delete(file(dir, 3));
        Files.delete(file(dir, 3).getParent());

        assertRefused(dir, "rows do not belong to shard", "missing shards");
        assertRefused(store(dir).shards(4), "shards of the store is 3", "leave shards out");
    }

    @Test
    void leavesNothingBesideTheStore(@TempDir Path dir) throws Exception {
        create(dir.resolve("made/on/the/way"), 2);

        try (Stream<Path> entries = Files.list(dir.resolve("made/on/the/way"))) {
            assertThat(entries)
                    .extracting(entry -> entry.getFileName().toString())
                    .containsExactly("sqlshard");
        }
    }

    @Test
    void takesDirectoriesOfAnyName(@TempDir Path dir) throws Exception {
        Path odd = dir.resolve("a ?b=c&d#e%41 \u00E9;'");
        create(odd, 2);

        try (var store = store(odd).open()) {
            assertThat(store.get(KEY)).contains(1);
        }
        assertThat(file(odd, 0)).exists();
    }

    @Test
    void makesAStoreOfAnEmptyDirectory(@TempDir Path dir) throws Exception {
        Files.createDirectory(dir.resolve("sqlshard"));

        create(dir, 2);
    }

    @Test
    void saysWhichFileIsInTheWay(@TempDir Path dir) throws Exception {
        Files.createFile(dir.resolve("sqlshard"));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> store(dir).open())
                .withMessageContaining("sqlshard");
    }

    @Test
    void closesWhatItHasOpenedWhenTheDirectoryCannotBeLookedAtAgain(@TempDir Path dir) throws Exception {
        List<Thread> threads = new ArrayList<>();
        create(dir, 1);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> store(dir)
                        .threadFactory(writer -> {
                            replaceByLinkToItself(dir.resolve("sqlshard"));
                            threads.add(new Thread(writer));
                            return threads.get(0);
                        })
                        .open());

        assertThat(threads).hasSize(1);
        threads.get(0).join();
    }

    private static void replaceByLinkToItself(Path directory) {
        try {
            Files.move(directory, directory.resolveSibling("moved"));
            Files.createSymbolicLink(directory, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void refusesSettingsOutOfRange(@TempDir Path dir) {
        assertOutOfRange(dir, builder -> builder.shards(0), "shards must be 1 to 1024, was 0");
        assertOutOfRange(dir, builder -> builder.shards(1025), "shards");
        assertOutOfRange(dir, builder -> builder.keyLength(0), "keyLength");
        assertOutOfRange(dir, builder -> builder.shardIndex(-1), "shardIndex");
        assertOutOfRange(dir, builder -> builder.readers(0), "readers");
        assertOutOfRange(dir, builder -> builder.queueLimit(0), "queueLimit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store(dir).keyLength(2).shardIndex(2).open())
                .withMessageContaining("no part 2");
        assertThat(dir).isEmptyDirectory();
    }

    private static void assertOutOfRange(Path dir, UnaryOperator<SqlShardBuilder<Integer>> setting, String problem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.apply(store(dir)))
                .withMessageContaining(problem);
    }
}
