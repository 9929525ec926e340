package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When a task of a {@link Schedule} is to run. Immutable.
 *
 * <pre>{@code
 * Plan plan = Plan.daily(ZoneId.of("America/New_York"), LocalTime.of(9, 30)).times(5).missed(Missed.RUN_ONCE);
 * }</pre>
 *
 * <p>All times are of the wall clock. When it is set back, no due time comes again: a daily task waits until the clock is where it
 * was. A task with an interval would wait too, but never for long: if the next run is more than two intervals ahead, it comes one
 * interval from now, though never before {@link #from}, and a fixed rate counts on from there, or a few nanoseconds later. A task of
 * which nothing was due yet goes by the new time as if it had been added by it, so a delay grows by a minute at most.
 */
public final class Plan {
    private final PlanTimes times;
    private final PlanLimits limits;

    private Plan(PlanTimes times, PlanLimits limits) {
        this.times = times;
        this.limits = limits;
    }

    private static Plan of(PlanTimes times, Missed missed) {
        return new Plan(
                times, new PlanLimits(Duration.ZERO, null, null, Integer.MAX_VALUE, missed, PlanLimits.MISSED, null));
    }

    /**
     * At a fixed rate, counted from the first run, so that runs do not drift. The first comes at once unless {@link #delay} or
     * {@link #from} say otherwise. {@code from} in the past keeps the grid that begins there.
     *
     * @param period at least a millisecond
     */
    public static Plan every(Duration period) {
        return of(new PlanTimes.Every(interval("period", period)), Missed.SKIP);
    }

    /**
     * With a pause from the end of each run to the next. The first comes at once unless {@link #delay} or {@link #from} say
     * otherwise. A pause has no due times that could be missed: a run that is late comes as soon as it can.
     *
     * @param pause at least a millisecond
     */
    public static Plan withPause(Duration pause) {
        return of(new PlanTimes.Pause(interval("pause", pause)), Missed.RUN_ONCE);
    }

    private static Duration interval(String name, Duration value) {
        return SafeLoopChecks.atLeast(name, value, Duration.ofMillis(1), "at least 1 ms");
    }

    /**
     * Every day, by the clocks of a zone. A time that a day does not have, as clocks are set forward, is due when the gap ends; one
     * that it has twice is due the first time.
     *
     * @param times at least one, in any order
     */
    public static Plan daily(ZoneId zone, LocalTime... times) {
        if (times.length == 0) {
            throw new IllegalArgumentException("times must not be empty; name at least one");
        }
        List<LocalTime> sorted = Stream.of(times).sorted().distinct().toList();
        return of(new PlanTimes.Daily(requireNonNull(zone, "zone"), sorted), Missed.SKIP);
    }

    /** Once, as soon as {@link #delay} and {@link #from} allow. If that is missed, it runs late unless told otherwise. */
    public static Plan once() {
        return of(new PlanTimes.Once(null), Missed.RUN_ONCE);
    }

    /** Once, at a moment; one that has passed counts as missed. If it is missed, it runs late unless told otherwise. */
    public static Plan once(Instant at) {
        return of(new PlanTimes.Once(requireNonNull(at, "at")), Missed.RUN_ONCE);
    }

    /**
     * Nothing is due before so much time after the task was added.
     *
     * @param delay not negative; default zero
     */
    public Plan delay(Duration delay) {
        return new Plan(times, limits.withDelay(SafeLoopChecks.notNegative("delay", delay)));
    }

    /** Nothing is due before this moment. */
    public Plan from(Instant from) {
        return new Plan(times, limits.withFrom(requireNonNull(from, "from")));
    }

    /** Nothing is due at this moment or later, and no run begins then, a late one neither. A run in progress goes on. */
    public Plan until(Instant until) {
        return new Plan(times, limits.withUntil(requireNonNull(until, "until")));
    }

    /**
     * So many runs, failed ones included, missed ones not.
     *
     * @param times positive; default: no end
     */
    public Plan times(int times) {
        return new Plan(this.times, limits.withTimes(SafeLoopChecks.positive("times", times)));
    }

    /**
     * What becomes of missed due times. Default {@link Missed#SKIP}; {@link Missed#RUN_ONCE} for a task that runs only once, and
     * always with {@link #withPause}.
     */
    public Plan missed(Missed missed) {
        requireNonNull(missed, "missed");
        return times instanceof PlanTimes.Pause ? this : new Plan(times, limits.withMissed(missed));
    }

    /**
     * How many missed due times {@link Missed#RUN_ALL} makes up for at a time; of more the latest.
     *
     * @param most positive; default 100
     */
    public Plan maxMissed(int most) {
        return new Plan(times, limits.withMaxMissed(SafeLoopChecks.positive("maxMissed", most)));
    }

    /**
     * How long a run may take. Then it is interrupted, and logged with a stack trace. If it goes on all the same, no other run
     * begins before it has ended.
     *
     * @param limit positive; default: none
     */
    public Plan limit(Duration limit) {
        return new Plan(times, limits.withLimit(SafeLoopChecks.positive("limit", limit)));
    }

    PlanTimes dueTimes() {
        return times;
    }

    PlanLimits limits() {
        return limits;
    }

    /** The first due time of a task that is added; null if there is none. */
    @Nullable
    Instant first(Instant now) {
        Instant delayed = now.plus(limits.delay());
        Instant from = limits.from();
        Instant due = times.first(limits.notBeforeFrom(delayed), from);
        // a moment of its own may have passed already, but not come before what was chosen
        boolean early = (from != null && due.isBefore(from)) || (!limits.delay().isZero() && due.isBefore(delayed));
        return early ? null : due;
    }

    /** For the log. */
    @Override
    public String toString() {
        return times + " " + limits;
    }
}
