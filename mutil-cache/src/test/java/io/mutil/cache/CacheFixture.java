package io.mutil.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** A cache whose time, disk and origin are fakes, so that all happens in the thread of the test. */
final class CacheFixture {
    static final Duration TTL = Duration.ofMinutes(5);
    static final Key KEY = Key.of("a key");

    final FakeClock clock = new FakeClock();
    final FakeAlarms alarms = new FakeAlarms();
    final FakeDisk disk = new FakeDisk();
    final FakeOrigin origin = new FakeOrigin();
    final FetchCache cache;
    private final UnaryOperator<FetchCacheBuilder> choices;
    private final Threads threads;

    CacheFixture() {
        this(choices -> choices);
    }

    CacheFixture(UnaryOperator<FetchCacheBuilder> choices) {
        this(choices, Runnable::run);
    }

    /** With threads for the disk that may be stuck. */
    CacheFixture(UnaryOperator<FetchCacheBuilder> choices, Executor executor) {
        this(choices, executor, Runnable::run);
    }

    CacheFixture(UnaryOperator<FetchCacheBuilder> choices, Executor executor, Executor callbacks) {
        this.choices = choices;
        this.threads = new Threads(executor, callbacks, alarms);
        cache = open();
    }

    /** Another one on the same disk. */
    FetchCache open() {
        return open(disk);
    }

    FetchCache open(DiskTier tier) {
        FetchCacheBuilder builder =
                choices.apply(FetchCache.builder(Path.of("no such folder")).freshness(Freshness.ttl(TTL)));
        var engine = new Engine(builder.settings(), tier, new byte[32], clock, () -> 0.5, threads);
        return new FetchCache(engine, builder.keys(), new HttpFetch(null), List.of());
    }

    Answer get() throws IOException, InterruptedException {
        return cache.get(KEY, origin);
    }

    CompletableFuture<Answer> getAsync() {
        return cache.getAsync(KEY, origin);
    }

    static String text(CompletableFuture<Answer> answer) throws IOException {
        assertThat(answer).isDone();
        return answer.join().text();
    }

    static FetchFailedException failure(CompletableFuture<Answer> answer) {
        assertThat(answer).isCompletedExceptionally();
        try {
            throw new AssertionError("not a failure: " + answer.join());
        } catch (CompletionException e) {
            return (FetchFailedException) Blocking.unwrapped(e);
        }
    }
}
