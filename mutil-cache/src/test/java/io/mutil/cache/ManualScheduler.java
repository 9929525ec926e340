package io.mutil.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Runs what is due when the test moves the time. */
final class ManualScheduler extends ScheduledThreadPoolExecutor {
    private record Due(long at, Runnable task) {}

    private final List<Due> tasks = new ArrayList<>();
    private final List<Long> delays = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();

    ManualScheduler() {
        super(1);
    }

    long nanoTime() {
        return nanos.get();
    }

    /** In milliseconds, in the order in which they were asked for. */
    List<Long> delays() {
        return delays;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        delays.add(unit.toMillis(delay));
        tasks.add(new Due(nanos.get() + unit.toNanos(delay), task));
        return super.schedule(() -> {}, 1, TimeUnit.DAYS);
    }

    /** Lets time pass, and everything happen that is due meanwhile. */
    void advance(long millis) {
        long end = nanos.get() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (true) {
            Due next = tasks.stream()
                    .filter(due -> due.at() <= end)
                    .min(java.util.Comparator.comparingLong(Due::at))
                    .orElse(null);
            if (next == null) {
                nanos.set(end);
                return;
            }
            tasks.remove(next);
            nanos.set(next.at());
            next.task().run();
        }
    }
}
