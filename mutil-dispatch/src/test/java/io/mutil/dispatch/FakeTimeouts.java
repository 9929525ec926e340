package io.mutil.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Timers that fire when a test says so. */
final class FakeTimeouts implements Timeouts {
    private final List<Duration> delays = new CopyOnWriteArrayList<>();
    private final List<Runnable> pending = new CopyOnWriteArrayList<>();

    @Override
    public Runnable after(Duration delay, Runnable action) {
        delays.add(delay);
        pending.add(action);
        return () -> pending.remove(action);
    }

    /** All that were ever set. */
    List<Duration> delays() {
        return delays;
    }

    int pending() {
        return pending.size();
    }

    void fire() {
        pending.forEach(Runnable::run);
    }
}
