package io.mutil.loop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What a source brought: a value, or why there is none. Immutable.
 *
 * @param <T> the value
 */
public final class Completion<T extends @Nullable Object> {
    private final Source<T> source;
    private final @Nullable T value;
    private final @Nullable Throwable failure;
    private final int failures;
    private final Optional<Duration> retryIn;

    Completion(
            Source<T> source,
            @Nullable T value,
            @Nullable Throwable failure,
            int failures,
            Optional<Duration> retryIn) {
        this.source = source;
        this.value = value;
        this.failure = failure;
        this.failures = failures;
        this.retryIn = retryIn;
    }

    /** The name of the source. */
    public String source() {
        return source.name();
    }

    /**
     * The object that was given to the source.
     *
     * @throws ClassCastException if it is of another type
     */
    public <M> Optional<M> metadata(Class<M> type) {
        return source.metadata(type);
    }

    /**
     * The value, null if the source brought null.
     *
     * @throws CompletionException if the source failed; its cause is what it failed with
     */
    @SuppressWarnings("NullAway") // null only where the source brought it
    public T get() {
        if (failure != null) {
            throw new CompletionException(this + "; failure() tells without throwing", failure);
        }
        return value;
    }

    /** Whether the source failed. */
    public boolean isFailure() {
        return failure != null;
    }

    /** What the source failed with. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** How often the source failed since it last brought a result, this time included; zero if it did not fail. */
    public int consecutiveFailures() {
        return failures;
    }

    /** After a failure, how long the source rests; empty if it is removed, and after a success. */
    public Optional<Duration> retryIn() {
        return retryIn;
    }

    /** The source and how it went; neither the value nor the message of a failure, which may be secret. */
    @Override
    public String toString() {
        return failure == null
                ? "source " + source.name() + " brought a value"
                : "source " + source.name() + " failed, " + failures + " in a row, with "
                        + failure.getClass().getName();
    }
}
