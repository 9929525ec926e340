package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many callers at a time, on a real disk. */
class ThreadsTest {
    private static final int CALLERS = 1000;

    @Test
    void aThousandCallersMakeOneRequest(@TempDir Path directory) throws Exception {
        try (var server = new Server();
                FetchCache cache = FetchCache.open(directory)) {
            server.answers("/a", 200, "hello");
            HttpRequest request = HttpRequest.newBuilder(server.uri("/a")).build();

            List<CompletableFuture<Answer>> answers = IntStream.range(0, CALLERS)
                    .mapToObj(i -> cache.getAsync(request))
                    .toList();
            List<CompletableFuture<Void>> blocked = IntStream.range(0, 20)
                    .mapToObj(i -> Background.run(
                            () -> assertThat(cache.get(request).text()).isEqualTo("hello")))
                    .toList();

            for (CompletableFuture<Answer> answer : answers) {
                assertThat(answer.get().text()).isEqualTo("hello");
            }
            for (CompletableFuture<Void> caller : blocked) {
                caller.get();
            }
            assertThat(server.requests("/a")).isEqualTo(1);
            Eventually.until("nobody waits", () -> cache.stats().waiting() == 0);
        }
    }

    /** The origin counts up; an answer that was asked for before an invalidation returned must not be seen after it. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 20})
    void nobodySeesWhatWasForgotten(long memory, @TempDir Path directory) throws Exception {
        var version = new AtomicLong();
        Key key = Key.of("counter");
        try (FetchCache cache = FetchCache.builder(directory)
                .freshness(Freshness.ttl(Duration.ofHours(1)))
                .memory(memory)
                .open()) {
            Fetch origin = Fetch.ofBytes(() -> CompletableFuture.supplyAsync(
                    () -> Long.toString(version.get()).getBytes(UTF_8)));
            var running = new AtomicInteger(1);
            CompletableFuture<Void> invalidator = Background.run(() -> {
                for (int i = 0; i < 60; i++) {
                    version.incrementAndGet();
                    cache.invalidate(key);
                    long least = version.get();
                    assertThat(Long.parseLong(cache.get(key, origin).text())).isGreaterThanOrEqualTo(least);
                }
                running.set(0);
            });
            List<CompletableFuture<Void>> readers = Stream.generate(() -> Background.run(() -> {
                        long last = 0;
                        while (running.get() > 0 && !invalidator.isDone()) {
                            long now = Long.parseLong(cache.get(key, origin).text());
                            assertThat(now).isGreaterThanOrEqualTo(last);
                            last = now;
                        }
                    }))
                    .limit(2)
                    .toList();

            invalidator.get();
            for (CompletableFuture<Void> reader : readers) {
                reader.get();
            }
        }
    }

    /** Callers that come and cancel in any order leave nothing behind. */
    @RepeatedTest(5)
    void cancelledCallersLeaveNothingBehind(@TempDir Path directory) throws Exception {
        long seed = new Random().nextLong();
        var open = new AtomicInteger();
        Fetch origin = (known, body) -> {
            open.incrementAndGet();
            var answer = new CompletableFuture<Fetched>();
            var unused = answer.whenComplete((fetched, failure) -> open.decrementAndGet());
            return answer;
        };
        try (FetchCache cache = FetchCache.open(directory)) {
            var callers = new ArrayList<CompletableFuture<Void>>();
            for (int t = 0; t < 4; t++) {
                var random = new Random(seed + t);
                callers.add(Background.run(() -> {
                    var mine = new ArrayList<CompletableFuture<Answer>>();
                    for (int i = 0; i < 500; i++) {
                        if (mine.isEmpty() || random.nextBoolean()) {
                            mine.add(cache.getAsync(Key.of("key " + random.nextInt(3)), origin));
                        } else {
                            mine.remove(random.nextInt(mine.size())).cancel(true);
                        }
                    }
                    mine.forEach(answer -> answer.cancel(true));
                }));
            }
            for (CompletableFuture<Void> caller : callers) {
                caller.get();
            }

            Eventually.until(
                    "no fetch is left, seed " + seed,
                    () -> cache.stats().fetching() == 0 && cache.stats().waiting() == 0 && open.get() == 0);
        }
    }

    @Test
    void closingWhileCallersComeEndsThemAll(@TempDir Path directory) throws Exception {
        Fetch never = (known, body) -> new CompletableFuture<>();
        for (int round = 0; round < 10; round++) {
            FetchCache cache = FetchCache.open(directory);
            var answers = new ArrayList<CompletableFuture<Answer>>();
            CompletableFuture<Void> caller = Background.run(() -> {
                try {
                    for (int i = 0; i < 10_000; i++) {
                        answers.add(cache.getAsync(Key.of("key " + i), never));
                    }
                } catch (IllegalStateException closed) {
                    // as it should be
                }
            });
            Eventually.until("one waits", () -> cache.stats().waiting() > 0);

            cache.close();

            caller.get();
            answers.forEach(answer -> Eventually.until("a caller hears of the end", answer::isDone));
        }
    }
}
