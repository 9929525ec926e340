package io.mutil.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes when a test says so, and a wall clock that may be set. Timers fire on the thread that lets time pass, and a task
 * that takes time lets it pass itself.
 */
final class ScheduleTime extends ScheduledThreadPoolExecutor implements InstantSource {
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparing(Timer::at).thenComparing(Timer::number));
    private final List<Duration> sleeps = new ArrayList<>();
    private Consumer<Instant> onFire = now -> {};
    private Duration elapsed = Duration.ZERO;
    private Instant wall;
    private long number;
    private boolean refuses;

    private record Timer(Duration at, long number, Runnable work, Entry entry) {}

    private static final class Entry extends CompletableFuture<@Nullable Object>
            implements ScheduledFuture<@Nullable Object> {
        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }
    }

    ScheduleTime(String wall) {
        // no thread is ever started
        super(1);
        this.wall = Instant.parse(wall);
    }

    @Override
    public Instant instant() {
        return wall;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        if (refuses) {
            throw new RejectedExecutionException("refused");
        }
        var entry = new Entry();
        Duration wait = Duration.of(delay, unit.toChronoUnit());
        sleeps.add(wait);
        timers.add(new Timer(elapsed.plus(wait), number++, work, entry));
        return entry;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> work, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    /** Lets time pass. */
    void advance(Duration time) {
        Duration target = elapsed.plus(time);
        while (!timers.isEmpty() && timers.peek().at().compareTo(target) <= 0) {
            Timer next = timers.remove();
            if (!next.entry().isDone()) {
                moveTo(next.at());
                onFire.accept(wall);
                next.work().run();
            }
        }
        moveTo(target);
    }

    private void moveTo(Duration moment) {
        if (moment.compareTo(elapsed) > 0) {
            wall = wall.plus(moment.minus(elapsed));
            elapsed = moment;
        }
    }

    /** Sets the wall clock; a machine that was asleep sees the same. */
    void jump(Duration by) {
        wall = wall.plus(by);
    }

    void onFire(Consumer<Instant> listener) {
        onFire = listener;
    }

    void refuse() {
        refuses = true;
    }

    List<Duration> sleeps() {
        return sleeps;
    }

    long pending() {
        return timers.stream().filter(timer -> !timer.entry().isDone()).count();
    }

    /** A schedule by this clock, which runs its tasks at once. */
    Schedule schedule() {
        return Schedule.builder()
                .clock(this)
                .scheduler(this)
                .executor(Runnable::run)
                .start();
    }

    /** A task that takes so long. */
    SafeLoop.Task taking(Duration duration) {
        return () -> advance(duration);
    }

    static List<String> started(Schedule schedule, String name) {
        return schedule.history(name).stream()
                .map(run -> run.started().toString())
                .toList();
    }

    static List<String> scheduled(Schedule schedule, String name) {
        return schedule.history(name).stream()
                .map(run -> run.scheduled().toString())
                .toList();
    }
}
