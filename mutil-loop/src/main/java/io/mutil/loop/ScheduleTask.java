package io.mutil.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A task and its due times: what is to run at a moment is decided here, and nothing else. Guarded by the lock of its schedule.
 *
 * <p>Due times up to a moment are drawn from the plan in one step, and what the policy leaves of them waits here for its run.
 */
final class ScheduleTask {
    private static final int MOST_GRIDS = 1000;

    private final String name;
    private final SafeLoop.Task work;
    private final Plan plan;
    private final Duration lateness;
    private final int maxHistory;
    private final long number;
    private final Deque<Instant> waiting = new ArrayDeque<>();
    private final Deque<Run> history = new ArrayDeque<>();
    private final Set<Duration> grids = new LinkedHashSet<>();
    private Instant added = Instant.MIN;
    private @Nullable Instant due;
    private @Nullable ScheduleRun running;
    private boolean begun;
    private boolean paused;
    private boolean cancelled;
    private int runs;
    private long missed;

    ScheduleTask(String name, SafeLoop.Task work, Plan plan, Duration lateness, int maxHistory, long number) {
        this.name = name;
        this.work = work;
        this.plan = plan;
        this.lateness = lateness;
        this.maxHistory = maxHistory;
        this.number = number;
    }

    void begin(Instant now) {
        added = now;
        due = beforeUntil(plan.first(now));
    }

    private @Nullable Instant beforeUntil(@Nullable Instant time) {
        return time == null || plan.limits().isOver(time) ? null : time;
    }

    /** When to poll it; null while there is no use. */
    @Nullable
    Instant wake() {
        if (running != null || paused) {
            return null;
        }
        // what waits has waited long enough, wherever the clock was set to
        return waiting.isEmpty() ? due : Instant.MIN;
    }

    /** The due time whose run is to begin now; null if none is. Whoever gets one calls {@link #started}. */
    @Nullable
    Instant poll(Instant now) {
        if (running != null || paused) {
            return null;
        }
        draw(now, now, false);
        if (plan.limits().isOver(now)) {
            missed += waiting.size();
            waiting.clear();
            due = null;
        }
        return waiting.poll();
    }

    /**
     * Draws the due times up to a moment from the plan.
     *
     * @param hindered whether they could not have run in time
     */
    private void draw(Instant upTo, Instant now, boolean hindered) {
        Instant first = due;
        if (first == null || first.isAfter(upTo)) {
            return;
        }
        Instant end = plan.limits().isOver(upTo) ? lastBeforeUntil(upTo) : upTo;
        PlanTimes.Passed passed =
                plan.dueTimes().passed(first, end, plan.limits().maxMissed());
        noteFirst(first);
        due = beforeUntil(plan.dueTimes().after(passed.last()));
        missed += passed.total() + waiting.size();
        keep(passed, now, hindered);
        missed -= waiting.size();
    }

    private void noteFirst(Instant first) {
        Duration interval = plan.dueTimes().interval();
        if (!begun && interval != null) {
            grids.add(remainder(first, interval));
        }
        begun = true;
    }

    private Instant lastBeforeUntil(Instant otherwise) {
        Instant until = plan.limits().until();
        return until == null ? otherwise : until.minusNanos(1);
    }

    private void keep(PlanTimes.Passed passed, Instant now, boolean hindered) {
        switch (plan.limits().missed()) {
            case SKIP -> {
                boolean late = Duration.between(passed.last(), now).compareTo(lateness) > 0;
                keepOnly(hindered || late ? List.of() : List.of(passed.last()));
            }
            case RUN_ONCE -> keepOnly(List.of(passed.last()));
            case RUN_ALL -> {
                waiting.addAll(passed.latest());
                while (waiting.size() > plan.limits().maxMissed()) {
                    waiting.remove();
                }
            }
        }
    }

    private void keepOnly(List<Instant> times) {
        waiting.clear();
        waiting.addAll(times);
    }

    void started(ScheduleRun run) {
        running = run;
        runs++;
        if (runs >= plan.limits().times()) {
            missed += waiting.size();
            finish();
        }
    }

    void ended(Run run, Instant now) {
        running = null;
        history.add(run);
        if (history.size() > maxHistory) {
            history.remove();
        }
        Instant afterEnd = isDone() ? null : plan.dueTimes().afterEnd(now);
        if (afterEnd != null) {
            due = beforeUntil(afterEnd);
        } else {
            draw(now.minusNanos(1), now, true);
        }
        catchUp(now);
    }

    void pause() {
        paused = true;
    }

    void resume(Instant now) {
        paused = false;
        if (running == null) {
            draw(now.minusNanos(1), now, true);
            catchUp(now);
        }
    }

    /**
     * The wall clock was set back. Before its first due time a task is as if that clock had counted when it was added.
     *
     * @return whether it waits until the clock is where it was
     */
    boolean setBack(Instant now, Duration by) {
        Instant before = due;
        if (running != null || before == null) {
            return false;
        }
        if (!begun) {
            added = added.minus(by);
            due = beforeUntil(plan.first(added));
        } else if (!paused) {
            catchUp(now);
        }
        boolean waits = before.equals(due) || (begun && isFar(now));
        return waits && !paused && waiting.isEmpty();
    }

    /** Waits no longer than two intervals, wherever the clock was set back to. */
    private void catchUp(Instant now) {
        Duration interval = plan.dueTimes().interval();
        if (begun && interval != null && isFar(plan.limits().notBeforeFrom(now))) {
            due = beforeUntil(newGrid(plan.limits().notBeforeFrom(now.plus(interval)), interval));
        }
    }

    private boolean isFar(Instant moment) {
        Duration interval = plan.dueTimes().interval();
        return due != null && interval != null && due.isAfter(moment.plus(interval.multipliedBy(2)));
    }

    /** The moment, or a few nanoseconds after it: where a grid may begin that has no due time of those before. */
    private Instant newGrid(Instant from, Duration interval) {
        Instant at = from;
        while (!grids.add(remainder(at, interval))) {
            at = at.plusNanos(1);
        }
        if (grids.size() > MOST_GRIDS) {
            grids.remove(grids.iterator().next());
        }
        return at;
    }

    private static Duration remainder(Instant at, Duration interval) {
        Duration since = Duration.between(Instant.EPOCH, at);
        Duration rest = since.minus(interval.multipliedBy(since.dividedBy(interval)));
        return rest.isNegative() ? rest.plus(interval) : rest;
    }

    void cancel() {
        cancelled = true;
        finish();
    }

    private void finish() {
        waiting.clear();
        due = null;
    }

    /** Whether no run can come any more; one may be in progress. */
    private boolean isDone() {
        return cancelled || runs >= plan.limits().times();
    }

    boolean isOver() {
        return running == null && next() == null;
    }

    /** Whether somebody could still cancel it. */
    boolean isActive() {
        return !cancelled && !isOver();
    }

    boolean isPaused() {
        return paused && isActive();
    }

    @Nullable
    Instant next() {
        Instant first = waiting.peek();
        return first == null ? due : first;
    }

    List<Run> history() {
        return List.copyOf(history);
    }

    @Nullable
    ScheduleRun running() {
        return running;
    }

    String name() {
        return name;
    }

    SafeLoop.Task work() {
        return work;
    }

    @Nullable
    Duration limit() {
        return plan.limits().limit();
    }

    long number() {
        return number;
    }

    /** Of due times, since it was last asked. */
    long takeMissed() {
        long taken = missed;
        missed = 0;
        return taken;
    }
}
