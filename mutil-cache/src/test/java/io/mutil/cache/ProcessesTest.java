package io.mutil.cache;

import static io.mutil.cache.DiskFixture.name;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.cache.DiskTier.Lease;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one directory, some of which are killed. */
class ProcessesTest {
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final List<Process> children = new ArrayList<>();
    private final Path dir;

    ProcessesTest(@TempDir Path dir) throws IOException {
        this.dir = Files.createDirectory(dir.resolve("cache"));
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process child : children) {
            child.destroyForcibly().waitFor();
        }
        scheduler.shutdownNow();
    }

    private Process start(String what, long number) throws IOException {
        Process child = DiskChild.start(what, dir, number);
        children.add(child);
        return child;
    }

    private FileDisk open() {
        return FileDisk.open(dir, 1L << 30, 1000, new Threads(Runnable::run, Runnable::run, scheduler));
    }

    @Test
    void whatTwoStoreAtOnceIsRightForBoth() throws Exception {
        Process child = start("work", 1);
        try (FileDisk disk = open()) {
            DiskChild.work(disk, new Random(2), 200);
            assertThat(child.waitFor()).isZero();
            DiskChild.work(disk, new Random(3), 100);

            assertThat(disk.stats().damaged()).isZero();
            assertThat(disk.stats().failures()).isZero();
        }
    }

    @Test
    void aLockKeepsOthersOut() throws Exception {
        Path count = Files.writeString(dir.resolveSibling("count"), "0\n");
        Process child = start("count", 100);

        try (FileDisk disk = open()) {
            DiskChild.count(disk, count, 100);
        }

        assertThat(child.waitFor()).isZero();
        assertThat(count).hasContent("200");
    }

    @Test
    void aKilledProcessGivesItsLockBack() throws Exception {
        Process child = start("hold", 0);
        try (BufferedReader output = DiskChild.output(child);
                FileDisk disk = open()) {
            assertThat(output.readLine()).isEqualTo("held true");
            CompletableFuture<Lease> lock = disk.lock(name("held"), Duration.ofMinutes(1));
            CompletableFuture<Lease> other = disk.lock(name("other"), Duration.ofMinutes(1));
            assertThat(other).isCompleted();
            assertThat(lock).isNotDone();

            child.destroyForcibly();

            lock.get(30, SECONDS).close();
        }
    }

    @Test
    void anOldTemporaryGoesOnlyWhenItsProcessIsGone() throws Exception {
        Process child = start("begin", 0);
        try (BufferedReader output = DiskChild.output(child)) {
            assertThat(output.readLine()).isEqualTo("begun true");
        }
        var later = new AtomicLong(System.currentTimeMillis() + 120_000);

        new DiskFixture(new FaultyFolder(dir), 1L << 30, 1000, later).close();
        assertThat(temporaries()).isEqualTo(1);
        child.destroyForcibly().waitFor();
        new DiskFixture(new FaultyFolder(dir), 1L << 30, 1000, later).close();

        assertThat(temporaries()).isZero();
    }

    private long temporaries() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(file -> file.toString().endsWith(".tmp")).count();
        }
    }

    @RepeatedTest(5)
    void aKilledProcessLeavesGoodEntriesOrNone() throws Exception {
        killWhileItStores(new Random().nextLong());
    }

    @RepeatedTest(50)
    @Tag("soak")
    void aKilledProcessLeavesGoodEntriesOrNoneEachTime() throws Exception {
        killWhileItStores(new Random().nextLong());
    }

    /** Two lives, the second of which begins with what the first left. */
    private void killWhileItStores(long seed) throws Exception {
        var random = new Random(seed);
        for (int life = 0; life < 2; life++) {
            Map<Integer, Integer> acknowledged = storeAndKill(random);
            try (FileDisk disk = open()) {
                assertHolds(disk, acknowledged, seed);
            }
        }
        var later = new AtomicLong(System.currentTimeMillis() + 120_000);
        new DiskFixture(new FaultyFolder(dir), 1L << 30, 1000, later).close();
        assertThat(temporaries()).isZero();
    }

    private Map<Integer, Integer> storeAndKill(Random random) throws Exception {
        Process child = start("store", random.nextLong());
        var acknowledged = new HashMap<Integer, Integer>();
        try (BufferedReader output = DiskChild.output(child)) {
            for (int left = 1 + random.nextInt(60); left > 0; left--) {
                note(requireNonNull(output.readLine(), "the child has ended"), acknowledged);
            }
            // unlike that of the process, its handle leaves what was said before to be read
            child.toHandle().destroyForcibly();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                note(line, acknowledged);
            }
        }
        child.waitFor();
        return acknowledged;
    }

    /** A line that was cut off is not a promise. */
    private static void note(String line, Map<Integer, Integer> acknowledged) {
        if (line.matches("\\d+ \\d+")) {
            String[] parts = line.split(" ", -1);
            acknowledged.put(Integer.valueOf(parts[0]), Integer.valueOf(parts[1]));
        }
    }

    private static void assertHolds(FileDisk disk, Map<Integer, Integer> acknowledged, long seed) throws IOException {
        assertThat(disk.stats().damaged()).as("seed %d", seed).isZero();
        for (int key = 0; key < DiskChild.KEYS; key++) {
            Held held = disk.get(name("key" + key), 10_000);
            if (held != null) {
                assertThat(DiskChild.isRight(key, held))
                        .as("key %d, seed %d", key, seed)
                        .isTrue();
            }
            if (acknowledged.containsKey(key)) {
                assertThat(requireNonNull(held, "seed " + seed).meta().storedAt())
                        .as("key %d, seed %d", key, seed)
                        .isGreaterThanOrEqualTo(acknowledged.get(key));
            }
        }
    }
}
