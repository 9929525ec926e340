package io.mutil.ratelimit;

/**
 * What counts until the next reset, and what counts after it too because it was handed out close to it. Times are
 * nanoseconds of the wall clock.
 */
final class Window {
    private final int limit;
    private final long margin;
    private final Resets resets;

    private long end;
    private int used;
    private int usedNext;

    Window(int limit, long margin, Resets resets, long now) {
        this.limit = limit;
        this.margin = margin;
        this.resets = resets;
        end = resets.after(now - margin);
    }

    Window(Window other) {
        limit = other.limit;
        margin = other.margin;
        resets = other.resets;
        end = other.end;
        used = other.used;
        usedNext = other.usedNext;
    }

    long end() {
        return end;
    }

    int used() {
        return used;
    }

    boolean isEmpty() {
        return used == 0 && usedNext == 0;
    }

    /** Goes on to the window that counts at a moment. */
    void to(long now) {
        if (now - margin < end) {
            return;
        }
        end = resets.after(end);
        used = usedNext;
        usedNext = 0;
        if (now - margin >= end) {
            end = resets.after(now - margin);
            used = 0;
        }
    }

    /** Goes to where the clock has jumped to, with all that was used; and takes it on if it will come to this window again. */
    void jump(long now) {
        long before = end;
        end = resets.after(now - margin);
        boolean again = resets.after(end) == before;
        usedNext = again || isNearEnd(now) ? used : 0;
    }

    private boolean isNearEnd(long now) {
        return now + margin >= end;
    }

    /** How many more have room. */
    int room(long now) {
        return limit - Math.min(limit, isNearEnd(now) ? Math.max(used, usedNext) : used);
    }

    /** Whether a permit of that moment, not later than this window, counts in it. */
    boolean holds(long moment) {
        return resets.after(moment + margin) >= end;
    }

    /** Adds permits of this window, or takes some away. */
    void add(long at, int permits) {
        used = sum(used, permits);
        if (isNearEnd(at)) {
            usedNext = sum(usedNext, permits);
        }
    }

    private static int sum(int used, int permits) {
        return (int) Math.max(0, Math.min((long) used + permits, Integer.MAX_VALUE));
    }
}
