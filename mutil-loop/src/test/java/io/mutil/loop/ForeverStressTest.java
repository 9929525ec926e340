package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many sources, consumers of each kind, failures, and somebody who adds, replaces and removes meanwhile. */
class ForeverStressTest {
    private static final int SOURCES = 10_000;
    private static final int RESULTS = 200_000;

    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final ForeverLoop<Integer> loop = ForeverLoop.builder()
            .onFailure((failure, consecutive) -> Optional.of(Duration.ofMillis(1)))
            .build();
    /** By the name of the source that they are now. */
    private final Map<String, Feed> current = new ConcurrentHashMap<>();

    private final Set<Feed> all = ConcurrentHashMap.newKeySet();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong twice = new AtomicLong();
    private volatile boolean ended;

    private static final class Broken extends IOException {
        private final int number;

        Broken(int number) {
            this.number = number;
        }
    }

    /** Brings 0, 1, 2 and so on, some of them as failures: at once, on another thread, or from code that blocks. */
    private final class Feed {
        private final AtomicInteger sent = new AtomicInteger();
        private final Set<Integer> arrived = ConcurrentHashMap.newKeySet();

        Feed() {
            all.add(this);
        }

        Source<Integer> source(String name, int kind) {
            Source<Integer> source = switch (kind % 3) {
                case 0 -> Source.blocking(name, this::send, pool);
                case 1 -> Source.async(name, this::now);
                default ->
                    Source.async(
                            name,
                            () -> CompletableFuture.runAsync(() -> {}, pool).thenCompose(nothing -> now()));
            };
            return source.metadata(this);
        }

        private CompletableFuture<Integer> now() {
            try {
                return CompletableFuture.completedFuture(send());
            } catch (Broken e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        private int send() throws Broken {
            int number = sent.getAndIncrement();
            if (ThreadLocalRandom.current().nextInt(50) == 0) {
                throw new Broken(number);
            }
            return number;
        }
    }

    @Test
    void losesNothingAndDeliversNothingTwice() throws InterruptedException {
        try {
            IntStream.range(0, SOURCES).forEach(i -> add("s" + i, i));
            List<CompletableFuture<Void>> consumers = List.of(
                    Background.run(() -> loop.run(this::consume)),
                    Background.run(() -> loop.forEach(this::consume)),
                    Background.run(this::takeAll));
            loop.publisher().subscribe(new OneByOne());

            while (delivered.get() < RESULTS) {
                change();
            }
            requireThatNoneHasDied();
            loop.close();
            ended = true;
            consumers.forEach(CompletableFuture::join);
        } finally {
            loop.close();
            pool.shutdownNow();
        }

        assertThat(twice).hasValue(0);
        assertThat(failures.get()).isPositive();
        // of each source at most one result was dropped, when it was removed, and that was its last
        assertThat(all)
                .allSatisfy(feed -> assertThat(feed.arrived.size()).isBetween(feed.sent.get() - 1, feed.sent.get()));
    }

    private void add(String name, int kind) {
        var feed = new Feed();
        current.put(name, feed);
        loop.add(feed.source(name, kind));
    }

    private void change() {
        int number = ThreadLocalRandom.current().nextInt(SOURCES);
        String name = "s" + number;
        if (ThreadLocalRandom.current().nextBoolean()) {
            assertThat(loop.remove(name)).isTrue();
            add(name, number);
        } else {
            var feed = new Feed();
            current.put(name, feed);
            assertThat(loop.replace(feed.source(name, number))).isTrue();
        }
    }

    private void requireThatNoneHasDied() {
        Map<Feed, Integer> before =
                current.values().stream().collect(Collectors.toMap(feed -> feed, feed -> feed.arrived.size()));
        Eventually.until(
                "more of every source",
                () -> before.entrySet().stream()
                        .allMatch(entry -> entry.getKey().arrived.size() > entry.getValue()));
        assertThat(loop.stats().sources()).isEqualTo(SOURCES);
        assertThat(loop.stats().failures()).isBetween(1L, loop.stats().completions());
    }

    private void takeAll() throws InterruptedException {
        while (!ended) {
            loop.takeAllReady().forEach(this::consume);
            loop.poll(Duration.ofMillis(1)).ifPresent(this::consume);
        }
    }

    private void consume(Completion<Integer> next) {
        int number = next.failure()
                .map(failure -> {
                    failures.incrementAndGet();
                    return ((Broken) failure).number;
                })
                .orElseGet(next::get);
        if (!next.metadata(Feed.class).orElseThrow().arrived.add(number)) {
            twice.incrementAndGet();
        }
        delivered.incrementAndGet();
    }

    private final class OneByOne implements Flow.Subscriber<Completion<Integer>> {
        private Flow.Subscription subscription = new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
        };

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(Completion<Integer> next) {
            consume(next);
            subscription.request(1);
        }

        @Override
        public void onError(Throwable failure) {
            twice.incrementAndGet();
        }

        @Override
        public void onComplete() {}
    }
}
