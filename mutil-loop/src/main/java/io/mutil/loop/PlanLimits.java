package io.mutil.loop;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What holds for plans of every kind. */
record PlanLimits(
        Duration delay,
        @Nullable Instant from,
        @Nullable Instant until,
        int times,
        Missed missed,
        int maxMissed,
        @Nullable Duration limit) {
    static final int MISSED = 100;

    PlanLimits {
        if (from != null && until != null && !from.isBefore(until)) {
            throw new IllegalArgumentException(
                    "until must be after from, or nothing is ever due; was " + until + " with from " + from);
        }
    }

    PlanLimits withDelay(Duration value) {
        return new PlanLimits(value, from, until, times, missed, maxMissed, limit);
    }

    PlanLimits withFrom(Instant value) {
        return new PlanLimits(delay, value, until, times, missed, maxMissed, limit);
    }

    PlanLimits withUntil(Instant value) {
        return new PlanLimits(delay, from, value, times, missed, maxMissed, limit);
    }

    PlanLimits withTimes(int value) {
        return new PlanLimits(delay, from, until, value, missed, maxMissed, limit);
    }

    PlanLimits withMissed(Missed value) {
        return new PlanLimits(delay, from, until, times, value, maxMissed, limit);
    }

    PlanLimits withMaxMissed(int value) {
        return new PlanLimits(delay, from, until, times, missed, value, limit);
    }

    PlanLimits withLimit(Duration value) {
        return new PlanLimits(delay, from, until, times, missed, maxMissed, value);
    }

    Instant notBeforeFrom(Instant time) {
        return from == null || from.isBefore(time) ? time : from;
    }

    boolean isOver(Instant now) {
        return until != null && !now.isBefore(until);
    }
}
