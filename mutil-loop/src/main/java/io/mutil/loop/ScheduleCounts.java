package io.mutil.loop;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** The counters of a schedule, guarded by its lock. */
final class ScheduleCounts {
    private final Map<Run.Outcome, Long> ended = new EnumMap<>(Run.Outcome.class);
    private long missed;

    void ended(Run.Outcome outcome) {
        ended.merge(outcome, 1L, Long::sum);
    }

    void missed(long times) {
        missed += times;
    }

    ScheduleStats stats(Collection<ScheduleTask> tasks) {
        int paused = 0;
        int running = 0;
        for (ScheduleTask task : tasks) {
            paused += task.isPaused() ? 1 : 0;
            running += task.running() == null ? 0 : 1;
        }
        return new ScheduleStats(
                tasks.size(),
                paused,
                running,
                count(Run.Outcome.SUCCEEDED),
                count(Run.Outcome.FAILED),
                count(Run.Outcome.CANCELLED),
                count(Run.Outcome.TIMED_OUT),
                missed);
    }

    private long count(Run.Outcome outcome) {
        return ended.getOrDefault(outcome, 0L);
    }
}
