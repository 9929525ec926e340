package io.mutil.loop;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of a source that failed, once its failure was handed to a consumer.
 *
 * <p>Called on the consumer's thread, which gets the failure afterwards. A policy that throws or returns null is logged, and
 * the source is retried as by {@link #retry()}.
 *
 * <pre>{@code
 * FailurePolicy patient = (failure, consecutive) ->
 *         consecutive < 5 ? Optional.of(Duration.ofSeconds(consecutive)) : Optional.empty();
 * }</pre>
 */
@FunctionalInterface
public interface FailurePolicy {
    /**
     * Tells how long the source rests before it is armed again.
     *
     * @param consecutive how often it failed since it last brought a result, this failure included
     * @return less than a millisecond counts as one, so that no source fails in a hot loop, and more than 365 days as 365; empty
     *     removes the source
     */
    Optional<Duration> delayAfter(Throwable failure, int consecutive);

    /**
     * Arms the source again after a random time up to 250 ms, which doubles with each failure in a row up to 30 seconds. The
     * default.
     */
    static FailurePolicy retry() {
        return ForeverBackOff.DEFAULT;
    }

    /**
     * Arms the source again after a random time up to a bound, which doubles with each failure in a row.
     *
     * @param first the bound after the first failure; positive
     * @param longest the bound that is not exceeded; at least {@code first}, at most 365 days
     */
    static FailurePolicy retry(Duration first, Duration longest) {
        return ForeverBackOff.of(first, longest);
    }

    /** Removes the source; its name is free once the failure was handed over. */
    static FailurePolicy stop() {
        return (failure, consecutive) -> Optional.empty();
    }
}
