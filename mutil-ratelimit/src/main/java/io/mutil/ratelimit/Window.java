package io.mutil.ratelimit;

/**
 * What counts until the next reset, and what counts after it too: what was handed out close to it, and, where the clock was put
 * back, as long as the window goes on that it showed before. Times are nanoseconds of the wall clock.
 *
 * <p>After a jump, permits are where the clock that is right now says they were handed out, or in a later window: so what is in
 * the window before the last reset is kept too, as that may be the one that comes again.
 */
final class Window {
    private final int limit;
    private final long margin;
    private final Resets resets;

    private long end;
    /** When the window ends that a clock showed before it was put back. */
    private long endBefore;

    private int used;
    /** Of those, how many count in the next window too. */
    private int usedNext;

    private long lastUse;
    /** How many count before the last reset only. */
    private int usedBefore;
    /** When the last of them was handed out, or later. */
    private long lastUseBefore;

    Window(int limit, long margin, Resets resets, long now) {
        this.limit = limit;
        this.margin = margin;
        this.resets = resets;
        end = resets.after(now - margin);
        endBefore = now - margin;
        lastUse = endBefore;
        lastUseBefore = endBefore;
    }

    Window(Window other) {
        limit = other.limit;
        margin = other.margin;
        resets = other.resets;
        end = other.end;
        endBefore = other.endBefore;
        used = other.used;
        usedNext = other.usedNext;
        lastUse = other.lastUse;
        usedBefore = other.usedBefore;
        lastUseBefore = other.lastUseBefore;
    }

    long end() {
        return end;
    }

    int used() {
        return used;
    }

    boolean isEmpty() {
        return used == 0;
    }

    /** Goes on to the window that counts at a moment. */
    void to(long now) {
        while (now - margin >= end) {
            if (isEmpty()) {
                end = resets.after(now - margin);
                usedBefore = 0;
            } else {
                pass();
            }
        }
    }

    private void pass() {
        usedBefore = used - usedNext;
        lastUseBefore = lastUse;
        used = usedNext;
        end = resets.after(end);
        usedNext = isShownBefore() ? used : 0;
    }

    /** Whether the next window begins while the one goes on that the clock showed before. */
    private boolean isShownBefore() {
        return end < endBefore;
    }

    /** Goes to where the clock has jumped to. */
    void jump(long from, long to) {
        long by = to - from;
        long shownEnd = end + by;
        end = resets.after(to - margin);
        endBefore += by;
        if (by < 0) {
            endBefore = Math.max(endBefore, shownEnd);
        }
        usedNext = countsInNext(to) ? used : 0;
        lastUse += by;
        lastUseBefore += by;
        if (holds(lastUseBefore)) {
            used = sum(used, usedBefore);
            usedBefore = 0;
        }
    }

    private boolean isNearEnd(long now) {
        return now + margin >= end;
    }

    private boolean countsInNext(long now) {
        return isNearEnd(now) || isShownBefore();
    }

    /** How many more have room. */
    int room() {
        return limit - Math.min(limit, used);
    }

    /** Whether a permit of that moment, not later than this window, counts in it. */
    boolean holds(long moment) {
        return resets.after(moment + margin) >= end;
    }

    /** Adds permits of this window. */
    void add(long at, int permits) {
        used = sum(used, permits);
        lastUse = Math.max(lastUse, at);
        if (countsInNext(at)) {
            usedNext = sum(usedNext, permits);
        }
    }

    /** Adds permits from before this window. */
    void addBefore(long at, int permits) {
        usedBefore = sum(usedBefore, permits);
        lastUseBefore = Math.max(lastUseBefore, at);
    }

    /** Takes permits of this window away; from the next one only what certainly is in it. */
    void remove(long at, int permits) {
        used = Math.max(0, used - permits);
        usedNext = Math.max(0, Math.min(used, isNearEnd(at) ? usedNext - permits : usedNext));
    }

    private static int sum(int used, int permits) {
        return (int) Math.min((long) used + permits, Integer.MAX_VALUE);
    }
}
