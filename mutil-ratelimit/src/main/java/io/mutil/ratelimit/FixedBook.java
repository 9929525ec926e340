package io.mutil.ratelimit;

import java.time.Duration;

/**
 * How many permits were handed out since the last reset by the wall clock.
 *
 * <p>The clock is read each time, and nanoseconds are reckoned from there, so that it may run a little fast or slow. When
 * it jumps, all permits of the last window count in the window it then shows, and those of the one before if by the new clock
 * the last of them was handed out there. If it was put back, they count until the end of the window that it showed before too. So
 * whichever clock is right, the one after a jump or the one before a step back, no window of it gets permits beyond the limit:
 * too few are handed out rather than too many, and nobody waits for longer than to the second reset. A jump is taken to have
 * happened right after the last look, whenever it is noticed: so no reset between the two, by the old clock, counts for what
 * the new one shows.
 *
 * <p>With a margin, a permit that is handed out that close to a reset, before or after, counts on both sides of it: the
 * server may see it on either.
 */
final class FixedBook extends Book {
    /** What the clock may be off at most without having jumped, beside a thousandth of the time that went by. */
    private static final long JUMP = 1_000_000_000L;
    /** It is off by a small part of a window at most. */
    private static final int JUMPS_IN_WINDOW = 4;

    private static final int DRIFT_SHIFT = 10;
    /** Beyond, the wall clock's nanoseconds since 1970 would no longer fit. */
    private static final long FAR = Long.MAX_VALUE / 4;

    private final int limit;
    private final long jump;
    private final long margin;
    private final long spread;
    private final long seed;
    private final Ticks ticks;
    private final Window window;

    private long anchorTick;
    private long anchorWall;
    /** Who comes from here on waits ... */
    private long pauseFrom = Long.MIN_VALUE;
    /** ... until here, as others already wait for the reset. */
    private long pauseTo = Long.MIN_VALUE;

    /** @param seed decides the delays after resets */
    FixedBook(Rule.FixedWindow rule, long margin, Ticks ticks, long seed) {
        if (margin > rule.per().toNanos() / 4) {
            throw new IllegalArgumentException("margin must be at most a quarter of a fixed window, which is "
                    + rule.per() + ", was " + Duration.ofNanos(margin));
        }
        limit = rule.permits();
        jump = Math.min(JUMP, rule.per().toNanos() / JUMPS_IN_WINDOW);
        this.margin = margin;
        spread = rule.spread().toNanos();
        this.seed = seed;
        this.ticks = ticks;
        anchorTick = ticks.now();
        anchorWall = ticks.wall();
        window = new Window(limit, margin, new Resets(rule), anchorWall);
    }

    private FixedBook(FixedBook other) {
        limit = other.limit;
        jump = other.jump;
        margin = other.margin;
        spread = other.spread;
        seed = other.seed;
        ticks = other.ticks;
        window = new Window(other.window);
        anchorTick = other.anchorTick;
        anchorWall = other.anchorWall;
        pauseFrom = other.pauseFrom;
        pauseTo = other.pauseTo;
    }

    @Override
    boolean sync(long now) {
        long wall = ticks.wall();
        long passed = now - anchorTick;
        boolean jumped = Math.abs(wall - wallAt(now)) > jump + (passed >> DRIFT_SHIFT);
        long from = anchorWall;
        anchorTick = now;
        anchorWall = wall;
        if (jumped) {
            window.jump(from, wall - passed);
            pauseTo = Long.MIN_VALUE;
        }
        window.to(wall);
        return jumped;
    }

    private long wallAt(long tick) {
        return anchorWall + (tick - anchorTick);
    }

    private long tickAt(long wall) {
        return anchorTick + (wall - anchorWall);
    }

    @Override
    public long roomAt(long earliest, int permits) {
        if (earliest > FAR) {
            return earliest;
        }
        long at = wallAt(earliest);
        if (isPaused(at)) {
            at = pauseTo;
        }
        Window then = window;
        while (at - margin >= then.end() || then.room() < permits) {
            if (then == window) {
                then = new Window(window);
            }
            if (at - margin < then.end()) {
                at = afterReset(then.end());
            }
            then.to(at);
        }
        return tickAt(at);
    }

    /** Without the delay, which is for those who wait. */
    @Override
    long opensAt(long now) {
        long wall = wallAt(now);
        if (isPaused(wall)) {
            return tickAt(pauseTo);
        }
        return window.room() > 0 ? now : tickAt(window.end() + margin);
    }

    private boolean isPaused(long wall) {
        return wall >= pauseFrom && wall < pauseTo;
    }

    private long afterReset(long reset) {
        long open = reset + margin;
        // the same for the same reset
        return spread == 0 ? open : open + Math.floorMod(mixed(seed ^ reset), spread + 1);
    }

    @Override
    void expect(long now, int permits) {
        long wall = wallAt(now);
        if (!isPaused(wall) && window.room() < permits) {
            pauseFrom = window.end() + margin;
            pauseTo = afterReset(window.end());
        }
    }

    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }

    @Override
    public void count(long at, int permits) {
        long wall = wallAt(at);
        window.to(wall);
        // from before the last look at the clock: replayed from the books of another rule
        if (at >= anchorTick || window.holds(wall)) {
            window.add(wall, permits);
        } else {
            window.addBefore(wall, permits);
        }
    }

    @Override
    int most() {
        return limit;
    }

    @Override
    int available(long now) {
        long wall = wallAt(now);
        return isPaused(wall) ? 0 : window.room();
    }

    @Override
    int known(long now) {
        return window.used();
    }

    @Override
    void replay(long now, Book into) {
        int counted = Math.min(window.used(), into.most());
        if (counted > 0) {
            into.count(now, counted);
        }
    }

    @Override
    void uncount(long now, long at, int permits) {
        refund(now, at, permits);
    }

    @Override
    void refund(long now, long about, int permits) {
        long wall = wallAt(about);
        if (window.holds(wall)) {
            window.remove(wall, permits);
        }
    }

    @Override
    long emptyAt() {
        return window.isEmpty() ? Long.MIN_VALUE : tickAt(window.end() + margin);
    }

    @Override
    Plan plan() {
        return new FixedBook(this);
    }
}
