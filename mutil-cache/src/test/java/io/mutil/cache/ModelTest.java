package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Random lives of a cache over a fake disk, a fake origin and a fake clock: each answer is one that a simple model allows. */
class ModelTest {
    private static final long TTL = 1000;
    private static final long REVALIDATE = 400;
    private static final long ON_ERROR = 3000;
    private static final long NEGATIVE = 500;
    private static final int STEPS = 120;

    @Property(tries = 400)
    void everyAnswerIsOneThatTheRulesAllow(@ForAll long seed, @ForAll boolean memory) throws Exception {
        life(seed, memory);
    }

    @Property(tries = 5000)
    @Tag("soak")
    void everyAnswerIsOneThatTheRulesAllowEachTime(@ForAll long seed, @ForAll boolean memory) throws Exception {
        life(seed, memory);
    }

    private static void life(long seed, boolean memory) throws Exception {
        var life = new Life(new Random(seed), memory);
        try {
            for (int step = 0; step < STEPS; step++) {
                life.step();
            }
            life.finish();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + " after\n" + String.join("\n", life.log), e);
        }
    }

    private static final class Life {
        private final Random random;
        private final List<String> log = new ArrayList<>();
        private final FakeClock clock = new FakeClock();
        private final FakeAlarms alarms = new FakeAlarms();
        private final FakeDisk disk = new FakeDisk();
        private final Settings settings;
        private FetchCache cache;
        private final Map<String, Entry> model = new HashMap<>();
        private final Map<String, List<Flying>> flying = new HashMap<>();
        private final List<Waiting> waiting = new ArrayList<>();
        private final Map<String, Long> failedAt = new HashMap<>();
        private int version;

        Life(Random random, boolean memory) {
            this.random = random;
            settings = FetchCache.builder(Path.of("none"))
                    .freshness(Freshness.ttl(Duration.ofMillis(TTL)))
                    .staleWhileRevalidate(Duration.ofMillis(REVALIDATE))
                    .staleIfError(Duration.ofMillis(ON_ERROR))
                    .negative(Duration.ofMillis(NEGATIVE), 404)
                    .memory(memory ? 1 << 20 : 0)
                    .memoryEntry(100)
                    .settings();
            cache = open();
        }

        private FetchCache open() {
            var engine = new Engine(
                    settings, disk, new byte[1], clock, () -> 0, new Threads(Runnable::run, Runnable::run, alarms));
            return new FetchCache(engine, FetchCache.builder(Path.of("none")).keys(), new HttpFetch(null), List.of());
        }

        /** What the cache has stored of a key, as the model has it. */
        private record Entry(int version, long storedAt, boolean refusal) {
            boolean isFresh(long now) {
                return now < storedAt + (refusal ? NEGATIVE : TTL) && storedAt - Judge.SKEW <= now;
            }

            boolean mayServe(long now, long limit) {
                return !refusal && storedAt - Judge.SKEW <= now && now < storedAt + TTL + limit;
            }
        }

        /** A fetch that the origin has not answered; begun at -1 if it was invalidated since. */
        private record Flying(FakeOrigin.Call call, long began) {}

        /** A caller who got no answer yet. */
        private record Waiting(String key, CompletableFuture<Answer> answer) {}

        void step() throws Exception {
            String key = "k" + random.nextInt(3);
            switch (random.nextInt(13)) {
                case 0, 1, 2, 3, 4 -> get(key, false);
                case 5 -> get(key, true);
                case 6, 7 -> clock.advance(Duration.ofMillis(random.nextInt(700)));
                case 8, 9 -> answer(key);
                case 10 -> invalidate(key);
                case 11 -> cancel();
                default -> rare(key);
            }
            collect();
        }

        private void rare(String key) throws Exception {
            switch (random.nextInt(6)) {
                case 0 -> {
                    log.add("clock back");
                    clock.advance(Duration.ofMillis(-random.nextInt(3000)));
                }
                case 1 -> restart();
                case 2 -> {
                    log.add("invalidate all");
                    cache.invalidateAll();
                    model.clear();
                    flying.forEach((k, flights) -> flights.replaceAll(Life::outdated));
                }
                case 3 -> {
                    log.add("alarm");
                    List.copyOf(flying.keySet()).stream()
                            .filter(this::isFlying)
                            .forEach(flown -> failedAt.put(flown, clock.getAsLong()));
                    alarms.ringAll();
                    flying.clear();
                }
                case 4 -> {
                    log.add("clock back a day");
                    clock.advance(Duration.ofDays(-1));
                }
                default ->
                    assertThat(cache.contains(Key.of(key)))
                            .isEqualTo(model.containsKey(key)
                                    && requireNonNull(model.get(key)).isFresh(clock.getAsLong())
                                    && !requireNonNull(model.get(key)).refusal());
            }
        }

        private static Flying outdated(Flying flight) {
            return new Flying(flight.call(), -1);
        }

        private Fetch origin(String key) {
            return (known, body) -> {
                var call = new FakeOrigin.Call(known, body, new CompletableFuture<>());
                flying.computeIfAbsent(key, k -> new ArrayList<>()).add(new Flying(call, clock.getAsLong()));
                return call.answer();
            };
        }

        private void get(String key, boolean refresh) throws Exception {
            long now = clock.getAsLong();
            Entry entry = model.get(key);
            boolean flies = isFlying(key);
            log.add(now + " get " + key + (refresh ? " refresh" : "") + " of " + entry
                    + (flies ? " while fetched" : ""));
            boolean serves = !refresh && entry != null;
            boolean fresh = serves && requireNonNull(entry).isFresh(now);
            boolean stale = serves && !fresh && requireNonNull(entry).mayServe(now, REVALIDATE);

            CompletableFuture<Answer> answer =
                    cache.getAsync(Key.of(key), origin(key), refresh ? Options.DEFAULT.refresh() : Options.DEFAULT);

            if (fresh && requireNonNull(entry).refusal()) {
                assertThat(CacheFixture.failure(answer).status()).isEqualTo(404);
            } else if (fresh || stale) {
                assertServed(answer, key, requireNonNull(entry), stale);
                assertThat(isFlying(key)).isEqualTo(flies || (stale && !isPaused(key)));
            } else {
                assertThat(answer).isNotDone();
                assertThat(isFlying(key)).isTrue();
                waiting.add(new Waiting(key, answer));
            }
            assertThat(flights(key)).hasSizeLessThanOrEqualTo(1);
        }

        /** Nobody who got a stale answer has a fetch begun that has just failed. */
        private boolean isPaused(String key) {
            Long failed = failedAt.get(key);
            return failed != null && failed <= clock.getAsLong() && clock.getAsLong() - failed < Pauses.MILLIS;
        }

        private void assertServed(CompletableFuture<Answer> answer, String key, Entry entry, boolean stale)
                throws IOException {
            assertThat(answer).isCompleted();
            assertThat(answer.join().text()).isEqualTo(body(key, entry.version()));
            assertThat(answer.join().source() == Source.STALE).isEqualTo(stale);
            assertThat(answer.join().age().toMillis()).isEqualTo(Math.max(0, clock.getAsLong() - entry.storedAt()));
        }

        private List<Flying> flights(String key) {
            return flying.computeIfAbsent(key, k -> new ArrayList<>());
        }

        private boolean isFlying(String key) {
            List<Flying> flights = flights(key);
            flights.removeIf(flight -> flight.call().answer().isDone());
            return !flights.isEmpty();
        }

        /** The origin answers: with a new version, a confirmation, a refusal, or an error. */
        private void answer(String key) throws Exception {
            if (!isFlying(key)) {
                return;
            }
            Flying flight = flights(key).remove(0);
            long now = clock.getAsLong();
            boolean outdated = flight.began() < 0;
            Entry before = model.get(key);
            int kind = random.nextInt(5);
            log.add(now + " origin " + key + " kind " + kind + (outdated ? " outdated" : ""));
            List<Waiting> callers =
                    waiting.stream().filter(caller -> caller.key().equals(key)).toList();
            if (kind <= 2) {
                answerWell(
                        key, flight, kind == 2 && flight.call().known().etag().isPresent(), outdated, callers);
            } else if (kind == 3) {
                flight.call().answer(404, Map.of(), "none");
                if (outdated) {
                    assertBegunAgain(key, callers);
                } else {
                    failedAt.put(key, now);
                    model.put(key, new Entry(0, flight.began(), true));
                    callers.forEach(caller -> assertThat(
                                    CacheFixture.failure(caller.answer()).status())
                            .isEqualTo(404));
                }
            } else {
                failedAt.put(key, now);
                flight.call().answer().completeExceptionally(new IOException("no route"));
                for (Waiting caller : callers) {
                    if (before != null && before.mayServe(now, ON_ERROR)) {
                        assertThat(caller.answer().join().text()).isEqualTo(body(key, before.version()));
                        assertThat(caller.answer().join().source()).isEqualTo(Source.STALE);
                    } else {
                        assertThat(CacheFixture.failure(caller.answer()).status())
                                .isZero();
                    }
                }
            }
        }

        private void answerWell(String key, Flying flight, boolean confirms, boolean outdated, List<Waiting> callers)
                throws Exception {
            int now = confirms ? versionOf(flight.call().known()) : ++version;
            if (confirms) {
                flight.call().answer().complete(Fetched.notModified());
            } else {
                String body = body(key, now);
                Map<String, List<String>> headers = Map.of("etag", List.of(Integer.toString(now)));
                flight.call().body().head(200, headers);
                for (int from = 0; from < body.length(); from += 40) {
                    String piece = body.substring(from, Math.min(body.length(), from + 40));
                    flight.call().body().write(ByteBuffer.wrap(piece.getBytes(UTF_8)));
                }
                flight.call().answer().complete(new Fetched(200, headers));
            }
            if (outdated) {
                assertBegunAgain(key, callers);
                return;
            }
            model.put(key, new Entry(now, flight.began(), false));
            for (Waiting caller : callers) {
                assertThat(caller.answer().join().text()).isEqualTo(body(key, now));
                assertThat(caller.answer().join().source()).isEqualTo(Source.NETWORK);
            }
        }

        private void assertBegunAgain(String key, List<Waiting> callers) {
            callers.forEach(caller -> assertThat(caller.answer()).isNotDone());
            assertThat(isFlying(key)).isTrue();
            assertThat(flights(key).get(0).call().known().isEmpty()).isTrue();
        }

        private static int versionOf(Validators known) {
            return Integer.parseInt(known.etag().orElseThrow());
        }

        /** Every third one is too large for memory. */
        private static String body(String key, int version) {
            return key + " version " + version + (version % 3 == 0 ? " large".repeat(30) : "");
        }

        private void invalidate(String key) {
            log.add("invalidate " + key);
            cache.invalidate(Key.of(key));
            model.remove(key);
            flights(key).replaceAll(Life::outdated);
        }

        private void cancel() {
            if (!waiting.isEmpty()) {
                Waiting one = waiting.remove(random.nextInt(waiting.size()));
                log.add("cancel " + one.key());
                one.answer().cancel(true);
                boolean others =
                        waiting.stream().anyMatch(caller -> caller.key().equals(one.key()));
                if (others) {
                    assertThat(isFlying(one.key())).isTrue();
                }
            }
        }

        private void restart() {
            log.add("restart");
            cache.close();
            waiting.forEach(caller -> assertThat(caller.answer()).isDone());
            waiting.clear();
            flying.clear();
            failedAt.clear();
            cache = open();
        }

        private void collect() {
            waiting.removeIf(caller -> caller.answer().isDone());
        }

        void finish() {
            restart();
            assertThat(disk.sinks).isZero();
            assertThat(disk.leases).isZero();
            assertThat(alarms.set()).isZero();
            assertThat(cache.stats().waiting()).isZero();
            assertThat(disk.files).hasSameSizeAs(model);
        }
    }
}
