package io.mutil.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FetchCacheBuilderTest {
    private static Arguments refusal(Consumer<FetchCacheBuilder> choice, String message) {
        return Arguments.of(choice, message);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(b -> b.memory(-1), "memory must not be negative, was -1"),
                refusal(b -> b.memoryEntry(-1), "memoryEntry must not be negative, was -1"),
                refusal(b -> b.disk(0, 1), "bytes must be positive, was 0"),
                refusal(b -> b.disk(1, 0), "entries must be positive, was 0"),
                refusal(b -> b.maxBodyBytes(0), "maxBodyBytes must be positive, was 0"),
                refusal(b -> b.memoryWithoutDisk(0), "memoryWithoutDisk must be positive, was 0"),
                refusal(b -> b.maxFetches(0), "maxFetches must be positive, was 0"),
                refusal(b -> b.maxWaiting(0), "maxWaiting must be positive, was 0"),
                refusal(b -> b.timeout(Duration.ZERO), "timeout must be at least a millisecond, was PT0S"),
                refusal(b -> b.staleIfError(Duration.ofSeconds(-1)), "staleIfError must not be negative, was PT-1S"),
                refusal(
                        b -> b.staleWhileRevalidate(Duration.ofSeconds(-1)),
                        "staleWhileRevalidate must not be negative, was PT-1S"),
                refusal(b -> b.negative(Duration.ZERO, 404), "ttl must be at least a millisecond, was PT0S"),
                refusal(b -> b.negative(Duration.ofSeconds(1), 200), "status must be from 400 to 599, was 200"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesWhatMakesNoSense(Consumer<FetchCacheBuilder> choice, String message) {
        FetchCacheBuilder builder = FetchCache.builder(Path.of("none"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> choice.accept(builder))
                .withMessage(message);
    }

    @Test
    void callbacksRunOnTheThreadsOfTheCaller(@TempDir Path directory) throws Exception {
        var threads = new ConcurrentLinkedQueue<String>();
        try (FetchCache cache = FetchCache.builder(directory)
                .executor(task -> new Thread(task, "mine").start())
                .open()) {
            var answer = new CompletableFuture<Fetched>();
            CompletableFuture<Void> done = cache.getAsync(Key.of("a"), (known, body) -> answer)
                    .thenAccept(a -> threads.add(Thread.currentThread().getName()));
            answer.complete(Fetched.ok());
            done.get();
        }

        assertThat(threads).containsOnly("mine").hasSize(1);
    }

    @Test
    void aFetchIsCalledOnTheThreadsOfTheCaller(@TempDir Path directory) throws Exception {
        var threads = new ConcurrentLinkedQueue<String>();
        try (FetchCache cache = FetchCache.builder(directory)
                .executor(task -> new Thread(task, "mine").start())
                .open()) {
            cache.get(Key.of("a"), (known, body) -> {
                threads.add(Thread.currentThread().getName());
                return CompletableFuture.completedFuture(Fetched.ok());
            });
        }

        assertThat(threads).containsOnly("mine").hasSize(1);
    }

    @Test
    void ownThreadsEndWithTheCache(@TempDir Path directory) throws Exception {
        FetchCache cache = FetchCache.open(directory);
        cache.getAsync(Key.of("a"), (known, body) -> CompletableFuture.completedFuture(Fetched.ok()))
                .get();

        cache.close();

        io.mutil.testkit.Eventually.until(
                "its threads end",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("fetch-cache")));
    }
}
