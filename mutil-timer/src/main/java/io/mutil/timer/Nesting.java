package io.mutil.timer;

import org.jspecify.annotations.Nullable;

/**
 * An open timer of a thread, above those that were the innermost before it. Only its thread has to do with it.
 *
 * <p>Those that were closed on another thread are found by the next start, and let go: there are never more than are open. Of
 * timers that nobody closes the last few are kept.
 */
final class Nesting {
    /** Set to null rather than removed, as that leaves nothing of ours behind either, and is faster. */
    private static final ThreadLocal<@Nullable Nesting> INNERMOST = new ThreadLocal<>();

    private final Timer timer;
    private final boolean isChosen;
    private final int level;
    private @Nullable Nesting outer;
    /** The place that {@link #inside} was made in. */
    private @Nullable Place around;
    /** Where timers that are started next are put. */
    private Place inside;

    private Nesting(Timer timer, boolean isChosen, @Nullable Place around, @Nullable Nesting outer) {
        this.timer = timer;
        this.isChosen = isChosen;
        this.around = around;
        this.outer = outer;
        level = outer == null ? 1 : outer.level + 1;
        inside = timer.place();
    }

    /** Starts a timer inside the innermost one of this thread, or where it was chosen to be. */
    static Timer start(Choices choices) {
        if (choices.isDetached) {
            return new Timer(choices, choices.around);
        }
        Nesting outer = firstOpen(INNERMOST.get());
        boolean isChosen = choices.around != null;
        Place around = isChosen || outer == null ? choices.around : outer.inside;
        var timer = new Timer(choices, around);
        Nesting kept = outer == null || outer.level < Place.DEEPEST ? outer : outer.outer;
        INNERMOST.set(new Nesting(timer, isChosen, around, kept));
        return timer;
    }

    private static @Nullable Nesting firstOpen(@Nullable Nesting top) {
        Nesting open = top;
        while (open != null && !open.timer.isOpen()) {
            open = open.outer;
        }
        if (open != null) {
            open.moveInto(firstOpen(open.outer));
        }
        return open;
    }

    /** What is started next is inside of what is open, whatever else was when this one started. */
    private void moveInto(@Nullable Nesting open) {
        outer = open;
        Place now = open == null ? null : open.inside;
        if (!isChosen && around != now) {
            around = now;
            inside = inside.movedInto(now);
        }
    }

    /** Takes a timer out, if it is one of this thread. */
    static void leave(Timer timer) {
        Nesting top = INNERMOST.get();
        if (top != null && top.timer == timer) {
            INNERMOST.set(top.outer);
            return;
        }
        for (Nesting each = top; each != null; each = each.outer) {
            if (each.outer != null && each.outer.timer == timer) {
                each.outer = each.outer.outer;
                return;
            }
        }
    }

    /** For tests: the path of what is around timers that start now. */
    static @Nullable String path() {
        Nesting innermost = firstOpen(INNERMOST.get());
        return innermost == null ? null : innermost.inside.path();
    }

    /** For tests: how many timers are kept. */
    static int size() {
        int size = 0;
        for (Nesting each = INNERMOST.get(); each != null; each = each.outer) {
            size++;
        }
        return size;
    }
}
