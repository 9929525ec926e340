package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DurabilityTest {
    private static final ShardKey A = ShardKey.of("a", 1L, "x");
    private static final ShardKey B = ShardKey.of("b", 1L, "x");
    private static final Durability LATER = Durability.behind(Duration.ofHours(1));

    private static SqlShard<byte[]> open(Path dir, Durability durability) throws IOException {
        return SqlShard.builder(dir, ValueCodec.bytes())
                .shards(1)
                .queueLimit(10)
                .durability(durability)
                .open();
    }

    private static byte[] value(int first) {
        return new byte[] {(byte) first, 0, 0};
    }

    /** What another process would see. */
    private static byte @Nullable [] inFile(SqlShard<byte[]> store, ShardKey key) throws Exception {
        Shard shard = store.shardOf(key);
        try (var other = new ReadConnection(shard.file(), new Sql(3))) {
            return other.get(key);
        }
    }

    static Stream<Durability> waiting() {
        return Stream.of(Durability.everyWrite(), Durability.group());
    }

    @ParameterizedTest
    @MethodSource("waiting")
    void hasCommittedWhatReturned(Durability durability, @TempDir Path dir) throws Exception {
        try (var store = open(dir, durability)) {
            store.put(A, value(1));
            assertThat(inFile(store, A)).isNotNull();

            assertThat(store.remove(A)).isTrue();
            assertThat(inFile(store, A)).isNull();

            store.putAsync(B, value(2)).get();
            assertThat(inFile(store, B)).isNotNull();
        }
    }

    @Test
    void waitsForTheDiskOnlyWhereItSaysSo(@TempDir Path dir) throws Exception {
        assertThat(synchronous(dir, Durability.everyWrite())).isEqualTo("2");
        assertThat(synchronous(dir, Durability.group())).isEqualTo("1");
        assertThat(synchronous(dir, LATER)).isEqualTo("1");
    }

    private static String synchronous(Path dir, Durability durability) throws Exception {
        try (var store = open(dir, durability)) {
            return store.allShards().get(0).write(Write.of(0, 0, connection -> {
                try (var row = connection.jdbc().createStatement().executeQuery("PRAGMA synchronous")) {
                    return row.getString(1);
                }
            }));
        }
    }

    @Test
    void readsWhatIsNotWrittenYet(@TempDir Path dir) throws Exception {
        try (var store = open(dir, LATER)) {
            store.put(A, value(1));
            store.put(A, value(2));

            assertThat(store.get(A)).contains(value(2));
            assertThat(store.containsKey(A)).isTrue();
            assertThat(inFile(store, A)).isNull();
            assertThat(store.stats().total(ShardStats::queued)).isEqualTo(2);

            store.flush();
            assertThat(inFile(store, A)).isNotNull();
            assertThat(store.get(A)).contains(value(2));
            assertThat(store.stats().total(ShardStats::queued)).isZero();
        }
    }

    @Test
    void countsAndShowsWhatIsNotWrittenYet(@TempDir Path dir) throws Exception {
        try (var store = open(dir, LATER)) {
            store.putAll(Map.of(A, value(1), B, value(2)));
            assertThat(store.size()).isEqualTo(2);

            store.put(A, value(3));
            assertThat(store.stream().filter(row -> row.key().equals(A)).map(row -> row.value()[0]))
                    .containsExactly((byte) 3);
        }
    }

    @Test
    void answersFromWhatIsNotWrittenYet(@TempDir Path dir) throws Exception {
        try (var store = open(dir, LATER)) {
            store.put(A, value(1));
            assertThat(store.putIfAbsent(A, value(2))).contains(value(1));

            store.put(A, value(3));
            store.compute(A, old -> Optional.of(value(old.orElseThrow()[0] + 1)));
            assertThat(store.get(A)).contains(value(4));

            store.put(A, value(5));
            assertThat(store.remove(A)).isTrue();
            assertThat(store.get(A)).isEmpty();

            store.put(A, value(6));
            store.clear();
            assertThat(store.get(A)).isEmpty();
        }
    }

    @Test
    void writesByItselfAfterTheDelay(@TempDir Path dir) throws Exception {
        try (var store = open(dir, Durability.behind(Duration.ofMillis(1)))) {
            store.put(A, value(1));

            Eventually.until("written", () -> store.stats().total(ShardStats::commits) == 1);
            assertThat(inFile(store, A)).isNotNull();
        }
    }

    @Test
    void writesByItselfWhenTheQueueIsFull(@TempDir Path dir) throws Exception {
        try (var store = open(dir, LATER)) {
            for (int i = 0; i < 25; i++) {
                store.put(ShardKey.of("a", i, "x"), value(i));
            }
            assertThat(store.size()).isEqualTo(25);
        }
    }

    @Test
    void writesWhatWaitsWhenItIsClosed(@TempDir Path dir) throws Exception {
        try (var store = open(dir, LATER)) {
            store.put(A, value(1));
        }

        try (var store = open(dir, LATER)) {
            assertThat(store.get(A)).contains(value(1));
        }
    }

    @Test
    void failsWithoutLossWhenTheDiskIsFull(@TempDir Path dir) throws Exception {
        try (var store = open(dir, Durability.group())) {
            store.put(A, value(1));
            PageLimit limit = PageLimit.of(store);
            limit.set(1);

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> store.put(B, new byte[1 << 20]))
                    .withMessageContaining("full")
                    .withMessageContaining("free space");
            assertThat(store.get(A)).contains(value(1));
            assertThat(store.get(B)).isEmpty();
            assertThat(store.stats().total(ShardStats::failures)).isEqualTo(1);

            limit.set(1_000_000);
            store.put(B, new byte[1 << 20]);
            assertThat(store.get(B)).isPresent();
        }
    }

    @Test
    void failsOnlyTheWriteThatDoesNotFit(@TempDir Path dir) throws Exception {
        try (var store = open(dir, Durability.group())) {
            store.put(A, value(1));
            PageLimit limit = PageLimit.of(store);
            limit.set(1);
            Shard shard = store.allShards().get(0);
            Gate gate = Gate.before(shard);
            var first = store.putAsync(A, value(2));
            var large = store.putAsync(B, new byte[1 << 20]);
            var last = store.putAsync(A, value(3));
            gate.close();

            first.get();
            last.get();
            assertThat(large)
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .withMessageContaining("full");
            assertThat(store.get(A)).contains(value(3));
            assertThat(store.get(B)).isEmpty();
        }
    }

    @Test
    void keepsWhatHasReturnedUntilThereIsSpace(@TempDir Path dir) throws Exception {
        try (var store = open(dir, LATER)) {
            PageLimit limit = PageLimit.of(store);
            limit.set(1);
            store.put(A, value(1));
            store.put(B, new byte[1 << 20]);
            store.put(A, value(2));

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(store::flush)
                    .withMessageContaining("full");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> store.remove(A))
                    .withMessageContaining("full");
            assertThat(store.get(A)).contains(value(2));
            assertThat(store.get(B)).isPresent();

            limit.set(1_000_000);
            store.flush();
            assertThat(inFile(store, B)).isNotNull();
            assertThat(store.get(A)).contains(value(2));
            assertThat(store.remove(A)).isTrue();
        }
    }

    @Test
    void warnsOnceUntilAllIsWritten(@TempDir Path dir) throws Exception {
        try (var log = LogLines.of(ShardWriter.class, Level.WARNING);
                var store = open(dir, LATER)) {
            PageLimit limit = PageLimit.of(store);
            limit.set(1);
            store.put(B, new byte[1 << 20]);
            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(IOException.class).isThrownBy(store::flush);
            }
            Eventually.until("warned", () -> !log.all().isEmpty());
            assertThat(log.at(Level.WARNING)).singleElement().asString().contains("kept and tried again");
            // that each flush waited for; not the put, which may yet succeed
            assertThat(store.stats().total(ShardStats::failures)).isEqualTo(3);

            limit.set(1_000_000);
            store.flush();
            limit.set(1);
            store.put(A, new byte[2 << 20]);
            assertThatExceptionOfType(IOException.class).isThrownBy(store::flush);
            Eventually.until("warned again", () -> log.all().size() == 2);

            limit.set(1_000_000);
        }
    }

    @Test
    void refusesDelaysOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> Durability.behind(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> Durability.behind(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Durability.behind(Duration.ofDays(2)));
    }
}
