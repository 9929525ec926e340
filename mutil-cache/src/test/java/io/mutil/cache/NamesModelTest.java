package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random lives of two users who share names and tags, on the files of a disk tier: each answer is what the origin had for that user
 * at the moment of which the answer says it is.
 */
class NamesModelTest {
    private static final int STEPS = 60;
    private static final List<Freshness> RULES =
            List.of(Freshness.ttl(Duration.ofMinutes(5)), Freshness.buckets(Duration.ofMinutes(5), ZoneOffset.UTC));

    @Property(tries = 200)
    void nobodyGetsTheAnswerOfAnother(@ForAll long seed) throws Exception {
        try (var life = new Life(new Random(seed))) {
            for (int step = 0; step < STEPS; step++) {
                life.step();
            }
        }
    }

    private static final class Life implements AutoCloseable {
        private final Folder folder = new MemoryFolder();
        private final Random random;
        private final Freshness rule;
        private final boolean memory;
        private final FakeClock clock = new FakeClock();
        private final TreeMap<Long, Integer> versions = new TreeMap<>(Map.of(0L, 0));
        private final List<String> log = new ArrayList<>();
        private FetchCache cache;

        Life(Random random) {
            this.random = random;
            rule = RULES.get(random.nextInt(RULES.size()));
            memory = random.nextBoolean();
            cache = open();
        }

        private FetchCache open() {
            FetchCacheBuilder choices = FetchCache.builder(Path.of("none"))
                    .freshness(rule)
                    .staleWhileRevalidate(Duration.ofMinutes(2))
                    .memory(memory ? 1 << 20 : 0)
                    .memoryEntry(100);
            var scheduler = new ScheduledThreadPoolExecutor(1);
            var disk = new FileDisk(
                    folder,
                    new Index(1 << 20, 100),
                    scheduler,
                    () -> TimeUnit.MILLISECONDS.toNanos(clock.getAsLong()),
                    clock);
            var engine = new Engine(
                    choices.settings(),
                    disk,
                    new byte[1],
                    clock,
                    () -> 0,
                    new Threads(Runnable::run, Runnable::run, new FakeAlarms()));
            return new FetchCache(engine, choices.keys(), new HttpFetch(null), List.of(scheduler::shutdownNow));
        }

        void step() throws Exception {
            clock.advance(Duration.ofMillis(1));
            switch (random.nextInt(10)) {
                case 0 -> versions.put(clock.getAsLong(), versions.size());
                case 1 -> clock.advance(Duration.ofSeconds(random.nextInt(400)));
                case 2 -> {
                    cache.close();
                    cache = open();
                }
                case 3 -> cache.invalidate(key(user(), name()));
                default -> get(user(), name());
            }
        }

        private String user() {
            return random.nextBoolean() ? "alice" : "bob";
        }

        private String name() {
            return random.nextBoolean() ? "me" : "mine";
        }

        private Key key(String user, String name) {
            return cache.keyOf(
                    name,
                    HttpRequest.newBuilder(URI.create("http://example.org/" + name))
                            .header("Authorization", user)
                            .build());
        }

        private void get(String user, String name) throws Exception {
            boolean refresh = random.nextInt(5) == 0;
            log.add(clock.getAsLong() + " " + user + " gets " + name + (refresh ? " anew" : ""));
            Options options = refresh ? Options.DEFAULT.refresh() : Options.DEFAULT;

            Answer answer = cache.get(key(user, name), origin(user, name), options);

            long asked = clock.getAsLong() - answer.age().toMillis();
            int version = versions.floorEntry(asked).getValue();
            assertThat(answer.text())
                    .as("at %d, from %s, after%n%s", asked, answer.source(), String.join("\n", log))
                    .isEqualTo(body(user, name, version));
        }

        /** Users have the same tags. Every other version is large. */
        private Fetch origin(String user, String name) {
            return (known, body) -> {
                int version = versions.lastEntry().getValue();
                String tag = Integer.toString(version);
                if (known.etag().filter(tag::equals).isPresent()) {
                    return CompletableFuture.completedFuture(Fetched.notModified());
                }
                try {
                    body.write(ByteBuffer.wrap(body(user, name, version).getBytes(UTF_8)));
                } catch (IOException e) {
                    return CompletableFuture.failedFuture(e);
                }
                return CompletableFuture.completedFuture(Fetched.ok(tag));
            };
        }

        private static String body(String user, String name, int version) {
            return (name + " of " + user + " " + version + " ").repeat(version % 2 == 0 ? 1 : 20);
        }

        @Override
        public void close() {
            cache.close();
        }
    }
}
