package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClosingTest {
    private static final ShardKey A = ShardKey.of("a", 1L, "x");
    private static final ShardKey B = ShardKey.of("b", 1L, "x");
    private static final int MORE_THAN_A_GROUP = 2500;

    private static SqlShard<byte[]> open(Path dir, int shards) throws IOException {
        return SqlShard.builder(dir, ValueCodec.bytes())
                .shards(shards)
                .durability(Durability.behind(Duration.ofHours(1)))
                .open();
    }

    private static byte[] value(int first) {
        return new byte[] {(byte) first, 0, 0};
    }

    /** A store with the first value of A in its file, where nothing large can be put any more. */
    private static SqlShard<byte[]> full(Path dir) throws Exception {
        SqlShard<byte[]> store = open(dir, 1);
        store.put(A, value(1));
        store.flush();
        PageLimit.of(store).set(1);
        return store;
    }

    @Test
    void closesEverythingInAnInterruptedThread(@TempDir Path dir) throws Exception {
        SqlShard<byte[]> store = open(dir, 3);
        store.put(A, value(1));

        Thread.currentThread().interrupt();
        store.close();

        assertThat(Thread.interrupted()).isTrue();
        // which nobody may have open
        SqlShard.reshard(dir, 2);
        try (var again = open(dir, 2)) {
            assertThat(again.get(A)).contains(value(1));
        }
    }

    @Test
    void losesOnlyTheNewestWhenSomethingCannotBeWritten(@TempDir Path dir) throws Exception {
        SqlShard<byte[]> store = full(dir);
        store.put(B, new byte[1 << 20]);
        for (int i = 0; i < MORE_THAN_A_GROUP; i++) {
            store.put(A, value(2));
        }

        assertThatThrownBy(store::close).isInstanceOf(IOException.class);

        try (var again = open(dir, 1)) {
            assertThat(again.get(A)).contains(value(1));
            assertThat(again.get(B)).isEmpty();
        }
    }

    @Test
    void saysOnceWhatIsLost(@TempDir Path dir) throws Exception {
        SqlShard<byte[]> store = full(dir);
        store.put(B, new byte[1 << 20]);

        assertThatThrownBy(store::close)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("are lost")
                .hasMessageContaining(Stores.file(dir, 0).toString())
                .hasStackTraceContaining("full")
                .satisfies(e -> assertThat(e.getCause()).hasMessageNotContaining("nothing that was acknowledged"));
        store.close();
    }
}
