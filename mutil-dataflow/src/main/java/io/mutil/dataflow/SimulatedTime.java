package io.mutil.dataflow;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;

/** Time that stands still until it is told to go on, and an executor that works on the thread which tells it. */
final class SimulatedTime implements FlowTimer, Executor {
    private record Event(long at, long order, long period, Runnable task) {}

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long now;
    private long order;

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        events.add(new Event(now + delay.toNanos(), order++, 0, task));
    }

    @Override
    public void every(Duration period, Runnable task) {
        events.add(new Event(now + period.toNanos(), order++, period.toNanos(), task));
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** Works until there is nothing left to do now. */
    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Lets time pass, and everything happen that is due meanwhile. */
    void advance(Duration duration) {
        long end = now + duration.toNanos();
        run();
        while (!events.isEmpty() && events.element().at() <= end) {
            next();
            run();
        }
        now = end;
    }

    private void next() {
        Event event = events.remove();
        now = event.at();
        if (event.period() > 0) {
            events.add(new Event(now + event.period(), order++, event.period(), event.task()));
        }
        event.task().run();
    }

    /** The one thread there is would wait for itself: goes on with what else there is to do, or to the next event. */
    @Override
    public void park(Object waiter) {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        } else if (!events.isEmpty()) {
            next();
        } else {
            throw new IllegalStateException("a full edge keeps its sender waiting for ever");
        }
    }

    @Override
    public void close() {
        events.clear();
    }
}
