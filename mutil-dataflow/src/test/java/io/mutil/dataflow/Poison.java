package io.mutil.dataflow;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** What makes one worker of a level in this process fail once. */
final class Poison {
    private static final Map<String, Poison> BY_LEVEL = new ConcurrentHashMap<>();

    private final AtomicBoolean ready = new AtomicBoolean();

    private Poison() {}

    static Poison of(String level) {
        return BY_LEVEL.computeIfAbsent(level, name -> new Poison());
    }

    /** Takes away what was served and never tasted. */
    static void clear() {
        BY_LEVEL.clear();
    }

    /** The next worker of the level that has something to do fails. */
    void serve() {
        ready.set(true);
    }

    /** Fails if there is something to fail at. */
    void taste() {
        if (ready.get() && ready.compareAndSet(true, false)) {
            throw new IllegalStateException("poisoned");
        }
    }
}
