package io.mutil.cache;

import static io.mutil.cache.DiskFixture.WHOLE;
import static io.mutil.cache.DiskFixture.meta;
import static io.mutil.cache.DiskFixture.name;
import static io.mutil.cache.DiskFixture.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.cache.FaultyFolder.Operation;
import io.mutil.testkit.LogLines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lets every operation on the disk fail, and sees that callers get the right answer or none, and never an exception. */
class DiskFaultTest {
    private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);

    private final Path dir;

    DiskFaultTest(@TempDir Path dir) {
        this.dir = dir;
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void oneOperationThatFailsCostsAnEntryAtMost(Operation operation) throws Exception {
        int n = 0;
        while (fails(operation, n, i -> false)) {
            n++;
        }
        assertThat(n).as("operations that failed").isPositive();
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void aDiskThatFailsFromSomeTimeOnCostsEntriesAtMost(Operation operation) throws Exception {
        int n = 0;
        while (fails(operation, n, i -> true)) {
            n += 1 + n / 4; // lives that differ by one of many operations that succeed are alike
        }
        assertThat(n).as("operations that failed").isPositive();
    }

    /** A life in which the n-th operation fails, and perhaps those that follow; gives whether it came to that. */
    private boolean fails(Operation operation, int n, IntPredicate later) throws Exception {
        var folder = new FaultyFolder(new MemoryFolder());
        folder.fail(operation, i -> i == n || (i > n && later.test(i)));
        try (LogLines lines = LogLines.of(FileDisk.class, Level.INFO);
                var fixture = new DiskFixture(folder, 1500, 4, millis)) {
            live(fixture);
            boolean failed = folder.failed() > 0;
            folder.heal();
            recovers(fixture);
            assertThat(lines.at(Level.WARNING)).hasSizeLessThanOrEqualTo(folder.failed());
            return failed;
        }
    }

    /** What may be found under each name: one of these, or nothing. */
    private final Map<String, Set<String>> allowed = new HashMap<>();

    private void live(DiskFixture fixture) throws Exception {
        allowed.clear();
        for (String file : List.of("a", "b", "a", "d-2024-03-10", "e")) {
            put(fixture, file, "body of " + file + allowed.size());
            put(fixture, file, "x".repeat(300) + allowed.size());
            lookAt(fixture, file);
            millis.addAndGet(20_000);
        }
        renew(fixture);
        fixture.disk.remove(name("b"));
        allowed.put("b", Set.of());
        look(fixture);
        stream(fixture);
        family(fixture);
        fixture.disk.lock(name("a"), Duration.ofSeconds(1)).get().close();
        fixture.disk.clear();
        allowed.replaceAll((file, bodies) -> Set.of());
        look(fixture);
        put(fixture, "a", "again");
        millis.addAndGet(61_000);
        put(fixture, "b", "once more");
        look(fixture);
    }

    private void put(DiskFixture fixture, String file, String body) {
        Held held = fixture.put(file, body);
        if (held == null) {
            var either = new HashSet<>(allowed.getOrDefault(file, Set.of()));
            either.add(body);
            allowed.put(file, either);
        } else {
            allowed.put(file, Set.of(body));
        }
    }

    private void look(DiskFixture fixture) {
        allowed.keySet().forEach(file -> lookAt(fixture, file));
    }

    private void lookAt(DiskFixture fixture, String file) {
        String found = fixture.get(file);
        if (found != null) {
            assertThat(found).isIn(allowed.get(file));
        }
    }

    private void renew(DiskFixture fixture) {
        Held before = fixture.disk.get(name("e"), WHOLE);
        boolean renewed = fixture.renew("e", meta(1234));
        Held after = fixture.disk.get(name("e"), WHOLE);
        if (after != null && renewed) {
            assertThat(after.meta()).isEqualTo(meta(1234));
        } else if (after != null) {
            assertThat(after.meta()).isIn(meta(1), meta(1234));
        }
        if (before != null && after != null) {
            assertThat(text(after)).isEqualTo(text(before));
        }
    }

    private void stream(DiskFixture fixture) {
        Held held = fixture.disk.get(name("e"), 0);
        if (held != null) {
            try (InputStream in = held.body().open()) {
                assertThat(new String(in.readAllBytes(), UTF_8)).isIn(allowed.get("e"));
            } catch (IOException e) {
                // what a caller of a stream has to expect
            }
        }
    }

    private void family(DiskFixture fixture) {
        Held held = fixture.put(new EntryName("d-2024-03-11", "d"), new byte[10], meta(1));
        if (held != null) {
            assertThat(fixture.get("d-2024-03-10")).isNull();
        }
    }

    /** The longest pause is a minute. */
    private void recovers(DiskFixture fixture) {
        millis.addAndGet(61_000);
        assertThat(fixture.put("z", "well again")).isNotNull();
        assertThat(fixture.get("z")).isEqualTo("well again");
        assertThat(fixture.disk.stats().entries()).isLessThanOrEqualTo(4);
        assertThat(fixture.disk.stats().bytes()).isLessThanOrEqualTo(1500);
        fixture.disk.close();
        try (var next = new DiskFixture(fixture.folder, 1500, 4, millis)) {
            assertThat(next.get("z")).isEqualTo("well again");
            assertThat(next.disk.stats().damaged()).isZero();
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsTriedAgainLater() throws IOException {
        Path notYet = dir.resolve("file");
        Files.writeString(notYet, "in the way");
        try (LogLines lines = LogLines.of(FileDisk.class, Level.INFO);
                var fixture = new DiskFixture(new FaultyFolder(notYet.resolve("cache")), 1 << 20, 5, millis)) {
            assertThat(fixture.put("one", "body")).isNull();
            assertThat(fixture.get("one")).isNull();
            assertThat(fixture.disk.stats().failures()).isPositive();
            assertThat(lines.at(Level.WARNING)).hasSize(1);
            Files.delete(notYet);
            assertThat(fixture.put("one", "body")).as("within the pause").isNull();

            millis.addAndGet(1_000);

            assertThat(fixture.put("one", "body")).isNotNull();
            assertThat(lines.at(Level.INFO)).hasSize(1);
        }
    }

    @Test
    void pausesGrowUpToAMinute() {
        var now = new AtomicLong();
        var health = new Health(new FaultyFolder(dir), now::get);
        try (LogLines lines = LogLines.of(FileDisk.class, Level.INFO)) {
            for (long pause : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
                health.failed(new IOException("No space left on device"));
                health.failed(new IOException("another that was under way"));
                now.addAndGet(Duration.ofSeconds(pause).toNanos() - 1);
                assertThat(health.mayWrite()).isFalse();
                now.incrementAndGet();
                assertThat(health.mayWrite()).isTrue();
            }
            health.succeeded();
            health.failed(new IOException("once more"));
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(health.mayWrite()).isTrue();
            assertThat(lines.at(Level.WARNING)).hasSize(2);
        }
    }

    @Test
    void whatCannotBeDeletedIsNotFoundAllTheSame() {
        var folder = new FaultyFolder(dir.resolve("cache"));
        try (var fixture = new DiskFixture(folder, 1 << 20, 5, millis)) {
            fixture.put("one", "body");
            folder.fail(Operation.DELETE, n -> true);
            fixture.disk.remove(name("one"));
            assertThat(fixture.get("one")).isNull();
            folder.heal();

            millis.addAndGet(61_000);
            fixture.put("two", "body");

            assertThat(dir.resolve("cache").resolve("one")).doesNotExist();
        }
    }

    @Test
    void aLogLineHoldsNoNameOfAnEntry() throws IOException {
        try (LogLines lines = LogLines.of(FileDisk.class, Level.ALL);
                var fixture = new DiskFixture(new FaultyFolder(dir.resolve("cache")), 1 << 20, 5, millis)) {
            Files.createDirectories(
                    dir.resolve("cache").resolve("secret-2024-03-10").resolve("in the way"));
            fixture.folder.fail(Operation.OPEN_TO_READ, n -> n == 0);

            assertThat(fixture.put("secret-2024-03-10", "body")).isNull();
            fixture.folder.fail(Operation.REPLACE, n -> true);
            assertThat(fixture.put("secret", "body")).isNull();

            assertThat(lines.all()).isNotEmpty().allSatisfy(line -> {
                assertThat(line.getMessage()).doesNotContain("secret");
                assertThat(line.getParameters())
                        .allSatisfy(p -> assertThat(p.toString()).doesNotContain("secret"));
            });
        }
    }
}
