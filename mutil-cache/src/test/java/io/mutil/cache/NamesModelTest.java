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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/**
 * Random lives of two users who share names and tags, and two caches that share a directory: each answer is what the origin had for that
 * user at the moment of which the answer says it is.
 */
class NamesModelTest {
    private static final int STEPS = 60;
    private static final List<Freshness> RULES =
            List.of(Freshness.ttl(Duration.ofMinutes(5)), Freshness.buckets(Duration.ofMinutes(5), ZoneOffset.UTC));

    @Property(tries = 200)
    void nobodyGetsTheAnswerOfAnother(@ForAll long seed) throws Exception {
        live(seed);
    }

    @Property(tries = 5000)
    @Tag("soak")
    void nobodyGetsTheAnswerOfAnotherEachTime(@ForAll long seed) throws Exception {
        live(seed);
    }

    private static void live(long seed) throws Exception {
        try (var life = new Life(new Random(seed))) {
            for (int step = 0; step < STEPS; step++) {
                life.step();
            }
            life.finish();
        }
    }

    private static final class Life implements AutoCloseable {
        private final Folder folder = new MemoryFolder();
        private final Random random;
        private final Freshness rule;
        private final boolean memory;
        private final FakeClock clock = new FakeClock();
        private final ManualScheduler scheduler = new ManualScheduler();
        private final TreeMap<Long, Integer> versions = new TreeMap<>(Map.of(0L, 0));
        private final List<String> log = new ArrayList<>();
        /** As of two processes. */
        private final FetchCache[] caches;

        private final List<Runnable> unanswered = new ArrayList<>();
        private final List<Waiting> waiting = new ArrayList<>();

        /** A call, and what it is to say. */
        private record Waiting(FetchCache cache, String user, String name, CompletableFuture<Answer> answer) {}

        Life(Random random) {
            this.random = random;
            rule = RULES.get(random.nextInt(RULES.size()));
            memory = random.nextBoolean();
            caches = new FetchCache[] {open(), open()};
        }

        private FetchCache open() {
            FetchCacheBuilder choices = FetchCache.builder(Path.of("none"))
                    .freshness(rule)
                    .staleWhileRevalidate(Duration.ofMinutes(2))
                    .memory(memory ? 1 << 20 : 0)
                    .memoryEntry(100);
            var threads = new Threads(Runnable::run, Runnable::run, scheduler);
            var disk = new FileDisk(folder, new Index(1 << 20, 100), threads, scheduler::nanoTime, clock);
            var engine = new Engine(
                    choices.settings(),
                    disk,
                    new byte[1],
                    clock,
                    () -> 0,
                    new Threads(Runnable::run, Runnable::run, new FakeAlarms()));
            return new FetchCache(engine, choices.keys(), new HttpFetch(null), List.of());
        }

        void step() throws Exception {
            clock.advance(Duration.ofMillis(1));
            int one = random.nextInt(caches.length);
            switch (random.nextInt(14)) {
                case 0 -> versions.put(clock.getAsLong(), versions.size());
                case 1 -> clock.advance(Duration.ofSeconds(random.nextInt(400)));
                case 2 -> {
                    log.add(clock.getAsLong() + " cache " + one + " is opened again");
                    caches[one].close();
                    caches[one] = open();
                }
                case 3 -> {
                    log.add(clock.getAsLong() + " cache " + one + " forgets");
                    caches[one].invalidate(key(caches[one], user(), name()));
                }
                case 4, 5, 6 -> answerOne();
                // whoever waits for the other process asks again
                case 7 -> scheduler.advance(250);
                default -> get(one, user(), name());
            }
            check();
        }

        private String user() {
            return random.nextBoolean() ? "alice" : "bob";
        }

        private String name() {
            return random.nextBoolean() ? "me" : "mine";
        }

        private static Key key(FetchCache cache, String user, String name) {
            return cache.keyOf(
                    name,
                    HttpRequest.newBuilder(URI.create("http://example.org/" + name))
                            .header("Authorization", user)
                            .build());
        }

        private void get(int one, String user, String name) {
            boolean refresh = random.nextInt(5) == 0;
            log.add(clock.getAsLong() + " " + user + " gets " + name + (refresh ? " anew" : "") + " from " + one);
            Options options = refresh ? Options.DEFAULT.refresh() : Options.DEFAULT;
            CompletableFuture<Answer> answer =
                    caches[one].getAsync(key(caches[one], user, name), origin(user, name), options);
            waiting.add(new Waiting(caches[one], user, name, answer));
        }

        private void answerOne() {
            if (!unanswered.isEmpty()) {
                unanswered.remove(random.nextInt(unanswered.size())).run();
            }
        }

        /** Those who were told have read what they got before anything else happens. */
        private void check() throws Exception {
            for (Waiting caller : List.copyOf(waiting)) {
                if (caller.answer().isDone()) {
                    waiting.remove(caller);
                    if (caller.answer().isCompletedExceptionally()) {
                        assertThat(CacheFixture.failure(caller.answer())).hasMessageEndingWith("the cache was closed");
                        assertThat(caches).doesNotContain(caller.cache());
                    } else {
                        check(caller);
                    }
                }
            }
        }

        private void check(Waiting caller) throws Exception {
            Answer answer = caller.answer().join();
            long asked = clock.getAsLong() - answer.age().toMillis();
            int version = versions.floorEntry(asked).getValue();
            assertThat(answer.text())
                    .as("at %d, from %s, after%n%s", asked, answer.source(), String.join("\n", log))
                    .isEqualTo(body(caller.user(), caller.name(), version));
        }

        /** Answers later what it had when it was asked. Users have the same tags. Every other version is large. */
        private Fetch origin(String user, String name) {
            return (known, body) -> {
                int version = versions.lastEntry().getValue();
                String tag = Integer.toString(version);
                boolean confirms = known.etag().filter(tag::equals).isPresent();
                var fetched = new CompletableFuture<Fetched>();
                unanswered.add(() -> {
                    log.add(clock.getAsLong() + " origin tells " + user + " " + name + " " + version);
                    try {
                        if (!confirms) {
                            body.write(ByteBuffer.wrap(body(user, name, version).getBytes(UTF_8)));
                        }
                        fetched.complete(confirms ? Fetched.notModified() : Fetched.ok(tag));
                    } catch (IOException e) {
                        fetched.completeExceptionally(e);
                    }
                });
                return fetched;
            };
        }

        private static String body(String user, String name, int version) {
            return (name + " of " + user + " " + version + " ").repeat(version % 2 == 0 ? 1 : 20);
        }

        /** All that waited has an end, and a good one unless its cache was closed. */
        void finish() throws Exception {
            for (int i = 0; i < STEPS && !waiting.isEmpty(); i++) {
                scheduler.advance(250);
                answerOne();
                check();
            }
            assertThat(waiting).as(String.join("\n", log)).isEmpty();
        }

        @Override
        public void close() {
            for (FetchCache cache : caches) {
                cache.close();
            }
            scheduler.shutdownNow();
        }
    }
}
