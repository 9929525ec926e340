package io.mutil.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tasks of a schedule by name, and when to look at which. Guarded by the lock of its schedule. */
final class ScheduleTasks {
    private static final int MOST_OVER = 1000;

    /** When to look at a task; the number tells apart those of the same moment. */
    private record Wake(Instant at, long number) implements Comparable<Wake> {
        private static final Comparator<Wake> ORDER =
                Comparator.comparing(Wake::at).thenComparingLong(Wake::number);

        @Override
        public int compareTo(Wake other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<String, ScheduleTask> tasks = new LinkedHashMap<>();
    private final Map<String, List<Run>> over = new LinkedHashMap<>();
    private final TreeMap<Wake, ScheduleTask> waiting = new TreeMap<>();
    private final Map<ScheduleTask, Wake> wakes = new HashMap<>();
    private final ScheduleCounts counts = new ScheduleCounts();
    private final InstantSource clock;
    private final Duration lateness;
    private Instant lastSeen;
    private @Nullable String notice;

    ScheduleTasks(InstantSource clock, Duration lateness) {
        this.clock = clock;
        this.lateness = lateness;
        lastSeen = clock.instant();
    }

    /** Adds one that has begun, in place of what is known of one that is over. */
    void add(ScheduleTask task) {
        over.remove(task.name());
        tasks.put(task.name(), task);
        settle(task);
    }

    @Nullable
    ScheduleTask get(String name) {
        return tasks.get(name);
    }

    /** Those that have runs to come or one in progress, in the order in which they were added. */
    List<ScheduleTask> all() {
        return List.copyOf(tasks.values());
    }

    /** Takes notice of what changed about a task. */
    void settle(ScheduleTask task) {
        Wake before = wakes.remove(task);
        if (before != null) {
            waiting.remove(before);
        }
        counts.missed(task.takeMissed());
        if (task.isOver()) {
            forget(task);
            return;
        }
        Instant at = task.wake();
        if (at != null) {
            var wake = new Wake(at, task.number());
            wakes.put(task, wake);
            waiting.put(wake, task);
        }
    }

    private void forget(ScheduleTask task) {
        if (tasks.remove(task.name(), task) && !task.history().isEmpty()) {
            over.put(task.name(), task.history());
        }
        if (over.size() > MOST_OVER) {
            over.remove(over.keySet().iterator().next());
        }
    }

    void ended(ScheduleTask task, Run run) {
        counts.ended(run.outcome());
        task.ended(run, look());
        settle(task);
    }

    /** The time, and what it means for tasks if the clock was set back since it was read last. */
    Instant look() {
        Instant now = clock.instant();
        Duration back = Duration.between(now, lastSeen);
        if (now.isBefore(lastSeen)) {
            List<String> wait = setBack(now, back);
            if (!wait.isEmpty() && back.compareTo(lateness) > 0) {
                notice = "the wall clock was set back by " + back
                        + " or more, so these tasks wait until it is where it was: " + String.join(", ", wait)
                        + "; cancel and add those that should not";
            }
        }
        lastSeen = now;
        return now;
    }

    /** Returns the names of those that wait until the clock is where it was. */
    private List<String> setBack(Instant now, Duration by) {
        List<String> wait = new ArrayList<>();
        for (ScheduleTask task : all()) {
            if (task.setBack(now, by)) {
                wait.add(task.name());
            }
            settle(task);
        }
        return wait;
    }

    /** What an operator should know of a clock that was set back, once; null if there is nothing. */
    @Nullable
    String takeNotice() {
        String taken = notice;
        notice = null;
        return taken;
    }

    /** When to look again; null while there is no use. */
    @Nullable
    Instant nextLook() {
        return waiting.isEmpty() ? null : waiting.firstKey().at();
    }

    /** A task to look at now; null if there is none. */
    @Nullable
    ScheduleTask firstDue(Instant now) {
        return waiting.isEmpty() || waiting.firstKey().at().isAfter(now)
                ? null
                : waiting.firstEntry().getValue();
    }

    List<Run> history(String name) {
        ScheduleTask task = tasks.get(name);
        return task == null ? over.getOrDefault(name, List.of()) : task.history();
    }

    ScheduleStats stats() {
        return counts.stats(tasks.values());
    }
}
