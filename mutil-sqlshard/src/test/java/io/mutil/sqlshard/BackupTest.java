package io.mutil.sqlshard;

import static io.mutil.sqlshard.Stores.contents;
import static io.mutil.sqlshard.Stores.file;
import static io.mutil.sqlshard.Stores.fill;
import static io.mutil.sqlshard.Stores.key;
import static io.mutil.sqlshard.Stores.names;
import static io.mutil.sqlshard.Stores.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    @Test
    void opensAsAStoreOfItsOwn(@TempDir Path dir) throws Exception {
        Path target = dir.resolve("some/where");
        try (var store = Stores.builder(dir)
                .shards(3)
                .durability(Durability.behind(Duration.ofDays(1)))
                .open()) {
            store.putAll(rows(100));

            store.backup(target);
            store.put(key(0), "later");
        }

        try (var copy = Stores.builder(target).open()) {
            assertThat(contents(copy)).isEqualTo(rows(100));
            assertThat(copy.check().isSound()).isTrue();
            copy.put(key(0), "its own");
        }
        assertThat(names(target)).containsExactly("sqlshard");
        assertThat(contents(dir)).hasSize(100).containsEntry(key(0), "later");
    }

    @Test
    void restoresADamagedShard(@TempDir Path dir) throws Exception {
        Path target = dir.resolve("backup");
        fill(dir, 2, 20);
        try (var store = Stores.builder(dir).open()) {
            store.backup(target);
        }
        Files.write(file(dir, 1), new byte[8192]);

        Files.copy(file(target, 1), file(dir, 1), StandardCopyOption.REPLACE_EXISTING);

        assertThat(contents(dir)).isEqualTo(rows(20));
    }

    @Test
    void overwritesNothing(@TempDir Path dir) throws Exception {
        fill(dir, 2, 20);
        Path target = dir.resolve("backup");
        fill(target, 1, 1);

        try (var store = Stores.builder(dir).open()) {
            assertThatThrownBy(() -> store.backup(target))
                    .isInstanceOf(ShardFileException.class)
                    .hasMessageContaining("there is something already; choose another directory, or move it away");
            assertThatThrownBy(() -> store.backup(dir)).isInstanceOf(ShardFileException.class);
        }

        assertThat(contents(target)).isEqualTo(rows(1));
    }

    @Test
    void isNotOfferedBeforeItIsComplete(@TempDir Path dir) throws Exception {
        fill(dir, 2, 20);
        Path target = dir.resolve("backup");

        try (var store = Stores.builder(dir).open()) {
            store.backup(target, step -> {
                assertThat(Files.exists(target.resolve("sqlshard"))).isEqualTo(step.equals("moved"));
                if (step.startsWith("copied")) {
                    store.put(key(0), "during " + step);
                }
            });
            assertThat(store.get(key(0))).contains("during copied");
        }

        assertThat(contents(target)).hasSize(20);
    }

    @Test
    void leavesNothingWhenItFails(@TempDir Path dir) throws Exception {
        fill(dir, 3, 20);
        Path target = dir.resolve("backup");

        try (var store = Stores.builder(dir).open()) {
            assertThatThrownBy(() -> store.backup(target, step -> {
                        throw new IOException("at " + step);
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("at copied shard");

            assertThat(names(target)).isEmpty();
            store.backup(target);
        }

        assertThat(contents(target)).isEqualTo(rows(20));
    }

    @Test
    void isRefusedWhereAShardIsDamaged(@TempDir Path dir) throws Exception {
        fill(dir, 2, 20);
        Files.delete(file(dir, 1));

        try (var store = Stores.builder(dir).skipDamagedShards().open()) {
            assertThatThrownBy(() -> store.backup(dir.resolve("backup")))
                    .isInstanceOf(ShardFileException.class)
                    .hasMessageContaining("the file of this shard is missing");
        }
    }

    @Test
    void isRefusedOnceTheStoreIsClosed(@TempDir Path dir) throws Exception {
        fill(dir, 1, 1);
        var store = Stores.builder(dir).open();
        store.close();

        assertThatThrownBy(() -> store.backup(dir.resolve("backup"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(store::check).isInstanceOf(IllegalStateException.class);
        assertThat(names(dir.resolve("backup"))).isEmpty();
    }

    @Test
    void endsItsThreadsWhenTheCallerIsInterrupted(@TempDir Path dir) throws Exception {
        fill(dir, 2, 20);

        try (var store = Stores.builder(dir).open()) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> store.backup(dir.resolve("backup"))).isInstanceOf(InterruptedException.class);
            assertThat(names(dir.resolve("backup"))).isEmpty();
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Test
    void saysWhichFileIsDamaged(@TempDir Path dir) throws Exception {
        fill(dir, 2, 1000);
        try (var file = new RandomAccessFile(file(dir, 1).toFile(), "rw")) {
            int page = 2048;
            file.seek(9L * page);
            file.write(new byte[(int) file.length() - 9 * page]);
        }

        try (var store = Stores.builder(dir).open()) {
            assertThatThrownBy(() -> store.backup(dir.resolve("backup")))
                    .isInstanceOf(ShardFileException.class)
                    .hasMessageContaining(file(dir, 1) + ": the file is damaged");
        }
    }
}
