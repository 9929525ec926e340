package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a task of a {@link Schedule} that has ended.
 *
 * @param scheduled when it was due
 * @param started when it began, by the wall clock; of a run that never did, when it was given up
 * @param ended when it ended, by the wall clock
 * @param outcome how it ended
 * @param error what it threw; null if nothing
 */
public record Run(
        Instant scheduled,
        Instant started,
        Instant ended,
        Outcome outcome,
        @Nullable Throwable error) {
    /** How a run ended. */
    public enum Outcome {
        /** It returned. */
        SUCCEEDED,
        /** It threw an exception, or no thread took it. */
        FAILED,
        /** It was interrupted, as its task was cancelled or the schedule closed, whatever it did then. */
        CANCELLED,
        /** It took longer than its {@linkplain Plan#limit limit}, whatever it did then. */
        TIMED_OUT
    }

    /** Of these. */
    public Run {
        requireNonNull(scheduled, "scheduled");
        requireNonNull(started, "started");
        requireNonNull(ended, "ended");
        requireNonNull(outcome, "outcome");
    }

    /** How long it took by the wall clock: negative if that was set back meanwhile. */
    public Duration duration() {
        return Duration.between(started, ended);
    }
}
