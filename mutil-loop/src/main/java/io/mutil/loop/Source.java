package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link ForeverLoop} gets results from, again and again. Immutable.
 *
 * <pre>{@code
 * loop.add(Source.async("nyse", nyse::nextAsync)
 *         .metadata(URI.create("wss://nyse.example"))
 *         .onFailure(FailurePolicy.retry(Duration.ofSeconds(1), Duration.ofMinutes(5))));
 * }</pre>
 *
 * @param <T> its results
 */
public final class Source<T extends @Nullable Object> {
    private final String name;
    private final Kind<T> kind;
    private final @Nullable Object metadata;
    private final @Nullable FailurePolicy policy;

    private interface Kind<T extends @Nullable Object> {
        ForeverPending arming(ForeverSlot<T> slot);
    }

    private Source(String name, Kind<T> kind, @Nullable Object metadata, @Nullable FailurePolicy policy) {
        this.name = requireNonNull(name, "name");
        this.kind = kind;
        this.metadata = metadata;
        this.policy = policy;
    }

    /**
     * A source whose results come asynchronously.
     *
     * @param supplier called each time the source is armed, on the thread that consumed the result before, on the loop's scheduler
     *     after a back-off, and at first in {@code add}; it should return soon. The stage is cancelled through {@link
     *     CompletionStage#toCompletableFuture} if the source is removed. If it throws or returns null, the source has failed.
     */
    public static <T extends @Nullable Object> Source<T> async(
            String name, Supplier<? extends CompletionStage<? extends T>> supplier) {
        requireNonNull(supplier, "supplier");
        return new Source<>(name, slot -> new ForeverStage<>(slot, supplier), null, null);
    }

    /**
     * A source whose results come from code that blocks, on the loop's executor.
     *
     * @param callable called each time the source is armed, never twice at the same time unless it was removed and goes on in spite
     *     of the interrupt
     */
    public static <T extends @Nullable Object> Source<T> blocking(String name, Callable<? extends T> callable) {
        requireNonNull(callable, "callable");
        return new Source<>(name, slot -> new ForeverRun<>(slot, callable, null), null, null);
    }

    /**
     * A source whose results come from code that blocks, on an executor of its own.
     *
     * @param executor if it rejects the callable, the source has failed; one that drops it silently leaves the source armed
     */
    public static <T extends @Nullable Object> Source<T> blocking(
            String name, Callable<? extends T> callable, Executor executor) {
        requireNonNull(callable, "callable");
        requireNonNull(executor, "executor");
        return new Source<>(name, slot -> new ForeverRun<>(slot, callable, executor), null, null);
    }

    /** The same source with an object of the caller's that comes with each result. */
    public Source<T> metadata(Object metadata) {
        return new Source<>(name, kind, requireNonNull(metadata, "metadata"), policy);
    }

    /** The same source with a policy of its own. Default: the loop's. */
    public Source<T> onFailure(FailurePolicy policy) {
        return new Source<>(name, kind, metadata, requireNonNull(policy, "policy"));
    }

    /** What it is called. */
    public String name() {
        return name;
    }

    /**
     * The object that was given to it.
     *
     * @throws ClassCastException if it is of another type
     */
    public <M> Optional<M> metadata(Class<M> type) {
        return Optional.ofNullable(metadata).map(type::cast);
    }

    @Nullable
    FailurePolicy policy() {
        return policy;
    }

    ForeverPending arming(ForeverSlot<T> slot) {
        return kind.arming(slot);
    }

    @Override
    public String toString() {
        return "source " + name;
    }
}
