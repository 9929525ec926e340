package io.mutil.s4lru;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateTest {
    private static S4LruBuilder slow(Path file) {
        return S4Lru.builder(1_000).persistTo(file).commitEvery(1_000_000, Duration.ofHours(1));
    }

    private static List<String> order(S4Lru lru) {
        return lru.entries().stream()
                .map(entry -> entry.level() + entry.key() + entry.size())
                .toList();
    }

    private static void fill(S4Lru lru) {
        IntStream.range(0, 500).forEach(i -> lru.touch("k" + i, i % 7));
        IntStream.range(0, 400).forEach(i -> lru.touch("k" + (i * 37 % 500), (i * 37 % 500) % 7));
        IntStream.range(0, 50).forEach(i -> lru.remove("k" + i * 3));
    }

    @Test
    void orderSurvivesARestart(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("state.sqlite");
        List<String> before;
        try (S4Lru lru = slow(file).open()) {
            fill(lru);
            before = order(lru);
        }
        try (S4Lru lru = slow(file).open()) {
            assertThat(order(lru)).isEqualTo(before);
        }
        assertThat(dir.toFile().list()).as("one plain file").containsExactly("state.sqlite");
    }

    @Test
    void whatIsOnlyInTheJournalIsLoaded(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = slow(file).open()) {
            fill(lru);
            lru.flush();
            IntStream.range(400, 600).forEach(i -> lru.touch("k" + i, 1));
            IntStream.range(450, 470).forEach(i -> lru.remove("k" + i));
            lru.touch("k455", 3);
            lru.commit();
            List<String> committed = order(lru);
            lru.touch("lost", 1);

            Path copy = copy(file, dir);
            try (S4Lru other = slow(copy).open()) {
                assertThat(order(other)).isEqualTo(committed);
                assertThat(other.stats().count()).isEqualTo(lru.count() - 1);
            }
            assertThat(Databases.query(copy, "SELECT count(*) FROM lru")).containsExactly("" + (lru.count() - 1));
        }
    }

    /** As a crash would leave it. */
    private static Path copy(Path file, Path dir) throws IOException {
        Path copy = dir.resolve("copy.sqlite");
        Files.copy(file, copy);
        Files.copy(Path.of(file + "-wal"), Path.of(copy + "-wal"));
        return copy;
    }

    @Test
    void keysOfAllKindsSurvive(@TempDir Path dir) throws IOException {
        List<String> keys =
                List.of("", " ", "a\u0000b", "\u00E4\u6F22\uD83D\uDE00", "'; DROP TABLE lru; --", "x".repeat(100_000));
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = slow(file).open()) {
            keys.forEach(key -> lru.touch(key, Long.MAX_VALUE / 10));
        }
        try (S4Lru lru = slow(file).open()) {
            assertThat(lru.entries()).extracting(Entry::key).isEqualTo(keys);
            assertThat(lru.size()).isEqualTo(Long.MAX_VALUE / 10 * keys.size());
        }
    }

    @Test
    void theTableIsWhatTheLibraryExpects(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = slow(file).open()) {
            lru.touch("a", 1);
            lru.touch("b", 2);
            // more than fit into the counter of an entry, and never more than can wait for the lock
            for (int i = 0; i < 70_000; i++) {
                lru.touch("b", 2);
                if (i % 100 == 0) {
                    lru.levels();
                }
            }
            lru.flush();
            lru.touch("a", 1);
        }
        assertThat(Databases.query(file, "SELECT * FROM lru ORDER BY key")).containsExactly("a|1|1|1", "b|2|3|70000");
        assertThat(Databases.query(file, "SELECT sql FROM sqlite_master WHERE name = 'lru'"))
                .containsExactly("CREATE TABLE lru (key TEXT PRIMARY KEY, size INT, level INT, count INT)");
    }

    /** The statements of the library's own, run by the sqlite3 of Python. */
    @Test
    void pythonReadsAndWritesTheState(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = slow(file).open()) {
            IntStream.range(0, 4).forEach(i -> lru.touch("k" + i, i));
        }
        String seen = python("""
                import sqlite3, sys
                state = sqlite3.connect(sys.argv[1], isolation_level=None)
                print(state.execute("SELECT key, size, level FROM lru ORDER BY level, count").fetchall())
                state.execute("INSERT OR IGNORE INTO lru VALUES (?, ?, 0, 0)", ("new", 9))
                for hit in range(3):
                    state.execute("UPDATE lru SET count = count + 1, level = ? WHERE key = ?", (hit + 1, "k1"))
                state.execute("DELETE FROM lru WHERE key = ?", ("k3",))
                """, file);

        assertThat(seen.strip()).isEqualTo("[('k0', 0, 0), ('k1', 1, 0), ('k2', 2, 0), ('k3', 3, 0)]");
        try (S4Lru lru = slow(file).open()) {
            assertThat(order(lru)).containsExactly("0k00", "0k22", "0new9", "3k11");
        }
        try (S4Lru lru = slow(file).open()) {
            assertThat(order(lru)).containsExactly("0k00", "0k22", "0new9", "3k11");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM lru WHERE key = 'k3'; INSERT INTO lru VALUES ('new', 1, 0, 0)",
                "DELETE FROM lru WHERE key = 'k2'; DELETE FROM lru WHERE key = 'k3';"
                        + "INSERT INTO lru VALUES ('other', 1, 0, 0); INSERT INTO lru VALUES ('k3', 1, 0, 0)"
            })
    void aKeyInTheRowOfOneThatWentIsSeen(String changes, @TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = slow(file).open()) {
            IntStream.range(0, 4).forEach(i -> lru.touch("k" + i, 1));
            lru.flush();
            IntStream.range(0, 3).forEach(i -> lru.pin("k" + i));
            IntStream.of(2, 1, 0).forEach(i -> lru.unpin("k" + i));
            assertThat(order(lru)).startsWith("0k31");
        }
        Databases.execute(file, changes.split(";"));
        try (S4Lru lru = slow(file).open()) {
            assertThat(order(lru))
                    .isEqualTo(Databases.query(copy(file, dir), "SELECT level || key || size FROM lru ORDER BY rowid"));
        }
    }

    /** The thread of the first has not begun when its process ends. */
    @Test
    void whatOthersChangedCountsAlsoAfterACrash(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = slow(file).open()) {
            IntStream.range(0, 4).forEach(i -> lru.touch("k" + i, 1));
        }
        Databases.execute(
                file,
                "UPDATE lru SET count = 5 WHERE key = 'k0'",
                "UPDATE lru SET level = 3 WHERE key = 'k1'",
                "DELETE FROM lru WHERE key = 'k3'");
        var crashed = new CountDownLatch(1);
        ThreadFactory late = task -> new Thread(() -> {
            try {
                crashed.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            task.run();
        });
        Path copy;
        try (S4Lru lru = slow(file).threadFactory(late).open()) {
            assertThat(lru.count()).isEqualTo(3);
            copy = copy(file, dir);
            crashed.countDown();
        }
        try (S4Lru lru = slow(copy).open()) {
            assertThat(order(lru)).containsExactly("0k21", "0k01", "3k11");
        }
    }

    /** The row of x is only in the journal when the library takes it for another key. */
    @Test
    void aKeyOfTheLibraryAfterACrashTakesNoOther(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        Path copy;
        try (S4Lru lru = slow(file).open()) {
            IntStream.range(0, 4).forEach(i -> lru.touch("k" + i, 1));
            lru.flush();
            lru.touch("x", 1);
            lru.commit();
            copy = copy(file, dir);
        }
        Databases.execute(copy, "INSERT INTO lru VALUES ('new', 1, 0, 0)");
        try (S4Lru lru = slow(copy).open()) {
            assertThat(lru.contains("x") && lru.contains("new")).isTrue();
            lru.flush();
            Path again = copy(copy, Files.createDirectory(dir.resolve("again")));
            try (S4Lru crashed = slow(again).open()) {
                assertThat(order(crashed)).isEqualTo(order(lru));
            }
            lru.remove("x");
            lru.commit();
            again = copy(copy, Files.createDirectory(dir.resolve("removed")));
            try (S4Lru crashed = slow(again).open()) {
                assertThat(order(crashed)).isEqualTo(order(lru));
            }
            lru.touch("x", 1);
        }
        try (S4Lru lru = slow(copy).open()) {
            assertThat(lru.count()).isEqualTo(6);
            assertThat(lru.contains("x") && lru.contains("new")).isTrue();
        }
    }

    private static String python(String program, Path file) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder("python3", "-c", program, file.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "no python3 here");
            throw e;
        }
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assumeTrue(!output.contains("No module named"), "python3 has no sqlite3 here");
        return output;
    }

    @Test
    void bothPoliciesOpenAStateOfTheOther(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = slow(file).open()) {
            IntStream.range(0, 20).forEach(i -> lru.touch("k" + i, 1));
            IntStream.range(5, 10).forEach(i -> lru.touch("k" + i, 1));
            lru.commit();
            Path copy = copy(file, dir);
            try (S4Lru other = slow(copy).compatible().open()) {
                assertThat(other.levels()).extracting(LevelStats::count).containsExactly(15, 5, 0, 0);
                other.touch("k0", 1);
                other.touch("k0", 1);
                other.evictTo(16);
            }
            try (S4Lru again = slow(copy).open()) {
                assertThat(again.levels()).extracting(LevelStats::count).containsExactly(10, 5, 1, 0);
                assertThat(again.entries().get(15).key()).isEqualTo("k0");
            }
        }
    }

    @Test
    void oneAtATime(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = slow(file).open()) {
            lru.touch("a", 1);
            assertThatThrownBy(() -> slow(file).open())
                    .isInstanceOf(StateInUseException.class)
                    .hasMessageStartingWith(file + " is in use by another process");
            assertThat(python("""
                    import sqlite3, sys
                    try:
                        sqlite3.connect(sys.argv[1], timeout=0).execute("SELECT * FROM lru").fetchall()
                    except sqlite3.OperationalError as e:
                        print(e)
                    """, file).strip()).isEqualTo("database is locked");
        }
        slow(file).open().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zeroed", "truncated", "text", "flipped"})
    void damageIsNamedWithItsRemedy(String damage, @TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = slow(file).open()) {
            IntStream.range(0, 5_000).forEach(i -> lru.touch("key number " + i, 1));
        }
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            switch (damage) {
                case "zeroed" -> bytes.write(new byte[4096]);
                case "truncated" -> bytes.setLength(bytes.length() / 2);
                case "text" -> bytes.write("no database at all".getBytes(UTF_8));
                default -> {
                    bytes.seek(4096);
                    bytes.write(new byte[] {99, 99, 99, 99, 99, 99, 99, 99});
                }
            }
        }
        assertThatThrownBy(() -> slow(file).open())
                .isInstanceOf(IOException.class)
                .hasMessage(
                        file + " is damaged or no SQLite file; restore it from a copy, or move it away to start empty");
    }

    @Test
    void aDamagedJournalIsNamedWithItsRemedy(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        slow(file).open().close();
        Databases.execute(file, "INSERT INTO lru_journal VALUES (999, x'4D01')");

        assertThatThrownBy(() -> slow(file).open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the journal ends inside an entry; to go on with the table alone: DELETE FROM");
    }

    @Test
    void anotherFormatIsRefused(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        slow(file).open().close();
        Databases.execute(file, "UPDATE lru_state SET value = 2 WHERE name = 'format'");
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> slow(file).open()).hasMessageContaining("has format 2, this version knows 1");
        assertThat(Files.readAllBytes(file)).as("as it was").isEqualTo(before);
    }

    @Test
    void aDatabaseOfSomebodyElseIsRefusedAsItIs(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        Databases.execute(file, "CREATE TABLE lru (key TEXT, level INT)");
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> slow(file).open())
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("it is no state, choose another file");
        assertThat(Files.readAllBytes(file)).as("as it was").isEqualTo(before);
        assertThat(dir.toFile().list()).containsExactly("state.sqlite");
    }

    @Test
    void aFolderThatIsNotThereIsNamed(@TempDir Path dir) {
        assertThatThrownBy(() -> slow(dir.resolve("no/state.sqlite")).open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("check that its folder exists and is writable");
    }

    @Test
    void aFullDiskLosesNothing(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        List<String> before;
        try (S4Lru lru = slow(file).commitEvery(500, Duration.ofHours(1)).open()) {
            fill(lru);
            lru.flush();
            lru.file().limitPages(20);
            int refused = 0;
            for (int i = 0; refused == 0; i++) {
                try {
                    lru.touch("a key that takes some room, number " + i, 1);
                } catch (UncheckedIOException e) {
                    assertThat(e).hasMessage("no room for more keys until the state can be written");
                    assertThat(e.getCause()).hasMessageContaining("the disk is full; what waits is kept in memory");
                    refused = i;
                }
            }
            assertThat(refused).as("bounded").isBetween(500, 20_000);
            assertThat(lru.touch("k1", 1)).as("hits go on").isTrue();
            assertThatThrownBy(lru::flush).hasMessage("not written, and tried again later");
            assertThat(lru.stats().failing()).isTrue();
            lru.remove("k2");
            IntStream.range(10, 20).forEach(i -> lru.remove("a key that takes some room, number " + i));

            lru.file().limitPages(100_000);
            lru.flush();

            assertThat(lru.stats().failing()).isFalse();
            assertThat(lru.stats().unwritten()).isZero();
            before = order(lru);
        }
        try (S4Lru lru = slow(file).open()) {
            assertThat(order(lru)).isEqualTo(before);
        }
        assertThat(Databases.query(file, "SELECT sum(count) > 0 FROM lru")).containsExactly("1");
    }

    /** Few keys, so that nothing but the flush makes it write. */
    @Test
    void aFlushAfterAFullDiskWritesWhatCameSince(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = slow(file).open()) {
            lru.flush();
            lru.file().limitPages(lru.file().pages());
            IntStream.range(0, 10).forEach(i -> lru.touch("x".repeat(1_000) + i, 1));
            assertThatThrownBy(lru::flush).hasMessage("not written, and tried again later");
            assertThat(lru.stats().unwritten()).isEqualTo(10);
            IntStream.range(0, 10).forEach(i -> lru.touch("later " + i, 1));
            assertThat(lru.stats().unwritten()).isEqualTo(20);

            lru.file().limitPages(100_000);
            lru.flush();

            assertThat(lru.stats().unwritten()).isZero();
            try (S4Lru crashed = slow(copy(file, dir)).open()) {
                assertThat(order(crashed)).isEqualTo(order(lru)).hasSize(20);
            }
        }
    }

    @Test
    void aFoldThatFailedIsTriedAgain(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = slow(file).open()) {
            lru.flush();
            lru.file().limitPages(lru.file().pages());
            IntStream.range(0, 10).forEach(i -> lru.touch("x".repeat(1_000) + i, 1));
            assertThatThrownBy(lru::flush).isInstanceOf(IOException.class);

            lru.file().limitPages(100_000);
            lru.commit();

            assertThat(Databases.query(copy(file, dir), "SELECT count(*) FROM lru"))
                    .containsExactly("10");
        }
    }

    @Test
    void closingOnAFullDiskSaysSo(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        S4Lru lru = slow(file).open();
        lru.flush();
        lru.file().limitPages(5);
        IntStream.range(0, 5_000).forEach(i -> lru.touch("a key that takes some room, number " + i, 1));

        assertThatThrownBy(lru::close)
                .isInstanceOf(IOException.class)
                .hasMessage("closed without what could not be written");
        slow(file).open().close();
    }

    /** With a short time there are many transactions, and some are done before one fails. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3_600_000})
    void aFoldThatFailsInTheMiddleIsMadeUpFor(int millis, @TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        List<String> before;
        try (S4Lru lru =
                slow(file).commitEvery(1_000_000, Duration.ofMillis(millis)).open()) {
            lru.flush();
            IntStream.range(0, 30_000).forEach(i -> lru.touch("k" + i, 1));
            lru.commit();
            lru.file().limitPages(lru.file().pages() + 100);
            assertThatThrownBy(lru::flush).isInstanceOf(IOException.class);
            IntStream.range(0, 30_000).filter(i -> i % 3 == 0).forEach(i -> lru.remove("k" + i));
            IntStream.range(0, 30_000).filter(i -> i % 5 == 0).forEach(i -> lru.touch("k" + i, 2));
            lru.file().limitPages(1_000_000);
            lru.commit();
            before = order(lru);
            try (S4Lru crashed = slow(copy(file, dir)).open()) {
                assertThat(order(crashed)).isEqualTo(before);
            }
        }
        try (S4Lru lru = slow(file).open()) {
            assertThat(order(lru)).isEqualTo(before);
        }
        assertThat(Databases.query(file, "SELECT count(*), count(DISTINCT key) FROM lru"))
                .containsExactly(before.size() + "|" + before.size());
    }

    @Test
    void theJournalIsFoldedBeforeItGrowsWithoutEnd(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = slow(file).open()) {
            for (int round = 0; round < 40; round++) {
                String prefix = "x".repeat(1_000) + round;
                IntStream.range(0, 1_000).forEach(i -> lru.touch(prefix + i, 1));
                lru.evictTo(500);
                lru.commit();
            }
        }
        assertThat(Files.size(file)).isLessThan(30L << 20);
    }

    /** The journal of one life is too short to be folded. */
    @Test
    void theJournalDoesNotGrowFromCrashToCrash(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("0.sqlite");
        for (int life = 0; life < 5; life++) {
            try (S4Lru lru = slow(file).open()) {
                String prefix = "x".repeat(5_000) + life;
                IntStream.range(0, 1_000).forEach(i -> lru.touch(prefix + i, 1));
                lru.evictTo(500);
                lru.commit();
                lru.commit();
                file = copy(file, Files.createDirectory(dir.resolve("" + life)));
            }
        }
        assertThat(Databases.query(file, "SELECT sum(length(ops)) < 16 << 20 FROM lru_journal"))
                .containsExactly("1");
    }

    @Test
    void itsThreadEndsWithIt(@TempDir Path dir) throws Exception {
        var threads = new java.util.ArrayList<Thread>();
        S4Lru lru = slow(dir.resolve("state.sqlite"))
                .threadFactory(task -> {
                    threads.add(new Thread(task, "mine"));
                    return threads.get(0);
                })
                .open();
        assertThat(threads.get(0).isAlive()).isTrue();
        lru.close();
        assertThatThrownBy(lru::flush).hasMessage("this S4Lru is closed");
        threads.get(0).join();
        assertThat(threads).hasSize(1);
    }
}
