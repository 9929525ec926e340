package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each operation of the disk fails in turn, and every answer is right all the same. */
class FaultsTest {
    private static final int MOST = 400;
    private static final Set<FaultyFolder.Operation> READING =
            Set.of(FaultyFolder.Operation.OPEN_TO_READ, FaultyFolder.Operation.READ, FaultyFolder.Operation.CLOSE);
    private static final List<String> KEYS =
            List.of("small", "large", "small of alice", "small of bob", "large of alice", "large of bob");

    @ParameterizedTest
    @EnumSource
    void eachSingleFaultChangesNoAnswer(FaultyFolder.Operation operation) throws Exception {
        int n = 0;
        while (life(operation, single(n)) > 0) {
            n++;
            assertThat(n).isLessThan(MOST);
        }
        assertThat(n).as("times that %s failed", operation).isPositive();
    }

    private static IntPredicate single(int number) {
        return i -> i == number;
    }

    @ParameterizedTest
    @EnumSource
    void aDiskThatFailsForGoodChangesNoAnswer(FaultyFolder.Operation operation) throws Exception {
        for (int from : new int[] {0, 1, 2, 3, 5, 8}) {
            life(operation, i -> i >= from);
        }
    }

    /** Fetches, answers, confirms, replaces and forgets, twice; gives how many operations failed. */
    private static int life(FaultyFolder.Operation operation, IntPredicate faults) throws Exception {
        var folder = new FaultyFolder(new MemoryFolder());
        folder.fail(operation, faults);
        var clock = new FakeClock();
        var origin = new Origin();
        for (int life = 0; life < 2; life++) {
            var scheduler = new ScheduledThreadPoolExecutor(1);
            var disk = new FileDisk(
                    folder,
                    new Index(1 << 20, 100),
                    new Threads(Runnable::run, Runnable::run, scheduler),
                    () -> TimeUnit.MILLISECONDS.toNanos(clock.getAsLong()),
                    clock);
            Settings settings = FetchCache.builder(Path.of("none"))
                    .freshness(Freshness.ttl(Duration.ofMinutes(5)))
                    .memoryEntry(1000)
                    .memory(life == 0 ? 100_000 : 0)
                    .settings();
            var engine = new Engine(
                    settings,
                    disk,
                    new byte[1],
                    clock,
                    () -> 0,
                    new Threads(Runnable::run, Runnable::run, new FakeAlarms()));
            try (var cache = new FetchCache(
                    engine,
                    FetchCache.builder(Path.of("none")).keys(),
                    new HttpFetch(null),
                    List.of(scheduler::shutdownNow))) {
                use(cache, origin, clock, operation);
            }
        }
        return folder.failed();
    }

    private static void use(FetchCache cache, Origin origin, FakeClock clock, FaultyFolder.Operation failing)
            throws Exception {
        for (int round = 0; round < 2; round++) {
            for (String key : KEYS) {
                assertThat(text(cache, key, origin, failing)).isEqualTo(origin.text(key));
                assertThat(text(cache, key, origin, failing)).isEqualTo(origin.text(key));
            }
            clock.advance(Duration.ofMinutes(6));
            if (round == 0) {
                origin.version++;
            }
        }
        cache.invalidate(Key.of("small"));
        origin.version++;
        assertThat(text(cache, "small", origin, failing)).isEqualTo(origin.text("small"));
        clock.advance(Duration.ofMinutes(6));
    }

    /** No call fails; a body on the disk may turn out to be unreadable, and is fetched again when asked for. */
    private static String text(FetchCache cache, String key, Origin origin, FaultyFolder.Operation failing)
            throws Exception {
        Answer answer = cache.get(key(key), origin.of(key));
        try {
            return answer.text();
        } catch (IOException e) {
            assertThat(key).contains("large");
            assertThat(failing).isIn(READING);
            cache.invalidate(key(key));
            return cache.get(key(key), origin.of(key)).text();
        }
    }

    /** Of a user, if there is one, to whom it has the same name as to others. */
    private static Key key(String key) {
        int user = key.indexOf(" of ");
        return user < 0 ? Key.of(key) : Key.named(key.substring(0, user), key.substring(user));
    }

    /** Says its version, in a small body or a large one, and confirms what is still so. */
    private static final class Origin {
        private int version;

        String text(String key) {
            return (key + " version " + version).repeat(key.contains("large") ? 200 : 1);
        }

        Fetch of(String key) {
            return (known, body) -> {
                String tag = Integer.toString(version);
                if (known.etag().filter(tag::equals).isPresent()) {
                    return CompletableFuture.completedFuture(Fetched.notModified());
                }
                var bytes = ByteBuffer.wrap(text(key).getBytes(UTF_8));
                try {
                    while (bytes.hasRemaining()) {
                        ByteBuffer piece = bytes.slice(bytes.position(), Math.min(700, bytes.remaining()));
                        bytes.position(bytes.position() + piece.remaining());
                        body.write(piece);
                    }
                } catch (IOException e) {
                    return CompletableFuture.failedFuture(e);
                }
                return CompletableFuture.completedFuture(new Fetched(200, Map.of("etag", List.of(tag))));
            };
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeLeavesMemory(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        Fetch hello = Fetch.ofBytes(() -> CompletableFuture.completedFuture("hello".getBytes(UTF_8)));

        try (FetchCache cache = FetchCache.open(file)) {
            assertThat(cache.get(Key.of("a"), hello).text()).isEqualTo("hello");
            assertThat(cache.get(Key.of("a"), hello).source()).isEqualTo(Source.MEMORY);
            assertThat(cache.stats().diskFailures()).isPositive();
            assertThat(cache.stats().unkept()).isEqualTo(1);
        }
        assertThat(file).hasContent("in the way");
    }

    @Test
    void namedFilesOfOldDaysGoOnlyWhenTheNewOneIsInPlace(@TempDir Path directory) throws Exception {
        Fetch hello = Fetch.ofBytes(() -> CompletableFuture.completedFuture("hello".getBytes(UTF_8)));
        Files.writeString(directory.resolve("data-2024-01-01"), "of the Python library");
        try (FetchCache cache = FetchCache.open(directory)) {
            cache.get(Key.named("data"), hello);
        }

        assertThat(names(directory))
                .hasSize(2)
                .contains("data-2024-01-01")
                .allMatch(name -> name.matches("data-[0-9-]+"));
    }

    private static List<String> names(Path directory) throws Exception {
        var names = new ArrayList<String>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("data"))
                    .forEach(names::add);
        }
        return names;
    }
}
