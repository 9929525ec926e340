package io.mutil.timer;

import org.jspecify.annotations.Nullable;

/**
 * An open timer of a thread, above the one that it is inside of. Only its thread has to do with it.
 *
 * <p>A stack: who is closed takes those inside it along, even if they are still open, so that what is left open inside a section ends
 * with it. Those that were closed on another thread are found by the next start. There are never more than are open, nor more than
 * {@link Place#DEEPEST}: what is deeper replaces the deepest.
 */
final class Nesting {
    /** Set to null rather than removed, as that leaves nothing of ours behind either, and is faster. */
    private static final ThreadLocal<@Nullable Nesting> INNERMOST = new ThreadLocal<>();

    private final Timer timer;
    private final @Nullable Nesting outer;
    private final int level;

    private Nesting(Timer timer, @Nullable Nesting outer) {
        this.timer = timer;
        this.outer = outer;
        level = outer == null ? 1 : outer.level + 1;
    }

    /** Starts a timer inside the innermost one of this thread, or where it was chosen to be. */
    static Timer start(Choices choices) {
        if (choices.isDetached) {
            return new Timer(choices, choices.around);
        }
        Nesting outer = innermost();
        boolean isChosen = choices.around != null;
        var timer = new Timer(choices, isChosen || outer == null ? choices.around : outer.timer.place());
        Nesting kept = outer != null && outer.level == Place.DEEPEST ? outer.outer : outer;
        INNERMOST.set(new Nesting(timer, kept));
        return timer;
    }

    /** Passes over those that are closed and those inside them. */
    private static @Nullable Nesting innermost() {
        Nesting open = INNERMOST.get();
        for (Nesting each = open; each != null; each = each.outer) {
            if (!each.timer.isOpen()) {
                open = each.outer;
            }
        }
        return open;
    }

    /** Takes a timer out, and those inside it, if it is one of this thread. */
    static void leave(Timer timer) {
        for (Nesting each = INNERMOST.get(); each != null; each = each.outer) {
            if (each.timer == timer) {
                INNERMOST.set(each.outer);
                return;
            }
        }
    }

    /** For tests: the path of what is around timers that start now. */
    static @Nullable String path() {
        Nesting innermost = innermost();
        return innermost == null ? null : innermost.timer.path();
    }

    /** For tests: how many timers are kept. */
    static int size() {
        Nesting innermost = INNERMOST.get();
        return innermost == null ? 0 : innermost.level;
    }
}
