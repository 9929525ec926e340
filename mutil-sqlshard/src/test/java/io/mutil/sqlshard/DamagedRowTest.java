package io.mutil.sqlshard;

import static io.mutil.sqlshard.Stores.file;
import static io.mutil.sqlshard.Stores.fill;
import static io.mutil.sqlshard.Stores.key;
import static io.mutil.sqlshard.Stores.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage inside of a file, which is found when the rows are read. */
class DamagedRowTest {
    private static final int PAGE_BYTES = 2048;

    @Test
    void failsTheReadsThatMeetDamageInsideAFile(@TempDir Path dir) throws Exception {
        fill(dir, 1, 2000);
        zerosFromTenthPage(file(dir, 0));

        try (var store = Stores.builder(dir).open()) {
            assertThatThrownBy(() -> store.forEach(row -> {}))
                    .isInstanceOf(ShardFileException.class)
                    .hasMessageContaining(file(dir, 0).toString())
                    .hasMessageContaining("restore it from a backup");
            assertThatThrownBy(() -> store.get(key(7))).isInstanceOf(ShardFileException.class);
            assertThatThrownBy(() -> store.put(key(7), "x")).isInstanceOf(ShardFileException.class);
        }
    }

    private static void zerosFromTenthPage(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        Arrays.fill(all, 9 * PAGE_BYTES, all.length, (byte) 0);
        Files.write(file, all);
    }

    @Test
    void namesTheFileOfARowThatIsDamaged(@TempDir Path dir) throws Exception {
        fill(dir, 1, 40);
        sql(file(dir, 0), "UPDATE db SET data = substr(data, 1, 9) WHERE key_1 = 7");
        sql(file(dir, 0), "UPDATE db SET data = x'0000' WHERE key_1 = 8");

        try (var store = Stores.builder(dir).open()) {
            assertThatThrownBy(() -> store.get(key(7)))
                    .isInstanceOf(ShardFileException.class)
                    .hasMessageContaining(file(dir, 0).toString())
                    .hasMessageContaining("a row of 9 bytes is no whole zlib stream");
            assertThatThrownBy(() -> store.forEach(row -> {})).isInstanceOf(ShardFileException.class);
            assertThatThrownBy(() -> store.get(key(8))).isInstanceOf(ShardFileException.class);
            assertThat(store.get(key(9))).contains("value 9");
        }
    }

    @Test
    void namesTheFileOfARowOfAnotherTypeOrWithNulls(@TempDir Path dir) throws Exception {
        fill(dir, 1, 40);
        sql(file(dir, 0), "UPDATE db SET data = x'105B315D' WHERE key_1 = 7");
        assertAllReadsName(file(dir, 0), "a row's value does not read as JSON of type java.lang.String", dir);

        sql(file(dir, 0), "UPDATE db SET data = NULL WHERE key_1 = 7");
        assertAllReadsName(file(dir, 0), "a row's data is null", dir);

        sql(file(dir, 0), "UPDATE db SET key_0 = NULL WHERE key_1 = 7");
        assertAllReadsName(file(dir, 0), "a row has null in its column key_0", dir);
        assertThatThrownBy(() -> SqlShard.reshard(dir, 2))
                .isInstanceOf(ShardFileException.class)
                .hasMessageContaining(file(dir, 0) + ": a row has null in its column key_0");
    }

    private static void assertAllReadsName(Path file, String problem, Path dir) throws Exception {
        String message = file + ": " + problem;
        try (var store = Stores.builder(dir).open()) {
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
