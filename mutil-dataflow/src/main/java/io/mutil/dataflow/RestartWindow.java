package io.mutil.dataflow;

import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Counts restarts against the limit of a {@link Supervision}. For one thread at a time. */
final class RestartWindow {
    private final Supervision supervision;
    private final ArrayDeque<Long> recent = new ArrayDeque<>();

    RestartWindow(Supervision supervision) {
        this.supervision = supervision;
    }

    /**
     * Counts one more restart.
     *
     * @return how long to wait before it; null if there have been as many as there may be, and it is not counted
     */
    @Nullable
    Duration next(long now) {
        recent.removeIf(then -> now - then >= supervision.window().toNanos());
        if (recent.size() >= supervision.restarts()) {
            return null;
        }
        recent.add(now);
        return supervision.delay(recent.size() - 1);
    }

    /** Why there is no further one. */
    String limit() {
        return "it was restarted " + recent.size() + " times within " + supervision.window();
    }
}
