package io.mutil.timer;

import org.jspecify.annotations.Nullable;

/** The innermost open timer of each thread. */
final class Nesting {
    /** Set to null rather than removed, as that leaves nothing of ours behind either, and is faster. */
    private static final ThreadLocal<@Nullable Timer> INNERMOST = new ThreadLocal<>();

    private Nesting() {}

    static @Nullable Timer current() {
        Timer innermost = INNERMOST.get();
        return innermost == null || innermost.isOpen() ? innermost : skipClosed(innermost);
    }

    /** One that was started here may have been closed elsewhere, or before one inside it. */
    private static @Nullable Timer skipClosed(Timer closed) {
        Timer open = closed.outer();
        while (open != null && !open.isOpen()) {
            open = open.outer();
        }
        INNERMOST.set(open);
        return open;
    }

    static void enter(Timer timer) {
        INNERMOST.set(timer);
    }

    /** Does nothing unless the timer is the innermost of this thread. */
    static void leave(Timer timer) {
        if (INNERMOST.get() == timer) {
            INNERMOST.set(timer.outer());
        }
    }
}
