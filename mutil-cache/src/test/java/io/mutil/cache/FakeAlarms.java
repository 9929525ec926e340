package io.mutil.cache;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Rings when told. */
final class FakeAlarms extends ScheduledThreadPoolExecutor {
    private final List<Alarm> alarms = new CopyOnWriteArrayList<>();

    FakeAlarms() {
        super(0);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        var alarm = new Alarm(command, unit.toMillis(delay));
        alarms.add(alarm);
        return alarm;
    }

    /** Those that nobody cancelled and that have not rung. */
    int set() {
        return (int) alarms.stream().filter(alarm -> !alarm.isDone()).count();
    }

    /** The one that was set first of all that are set. */
    void ringFirst() {
        alarms.stream()
                .filter(alarm -> !alarm.isDone())
                .findFirst()
                .orElseThrow()
                .ring();
    }

    void ringAll() {
        alarms.forEach(Alarm::ring);
    }

    private static final class Alarm extends CompletableFuture<Object> implements ScheduledFuture<Object> {
        private final Runnable command;
        private final long millis;

        Alarm(Runnable command, long millis) {
            this.command = command;
            this.millis = millis;
        }

        void ring() {
            if (complete("rung")) {
                command.run();
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(millis, TimeUnit.MILLISECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(millis, other.getDelay(TimeUnit.MILLISECONDS));
        }
    }
}
