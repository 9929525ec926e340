package io.mutil.ratelimit;

/**
 * The times of the permits of one sliding window, in a ring: a permit has room once the one that was handed out
 * {@code limit} permits earlier is a whole span old. That is exact, and looks at one number.
 *
 * <p>The ring is sorted, as permits are counted in order. It grows to what the window holds, but never beyond the limit: where
 * it is full, the oldest is overwritten. That has left the window, unless permits were had by other rules than this one; then
 * only how many those are is kept, and the time of the newest, from which all of them count.
 */
final class SlidingBook extends Book {
    private static final int FIRST_CAPACITY = 16;

    private final int limit;
    private final long span;
    private long[] times;
    private int first;
    private int kept;
    /** How many permits in the window are older than those in the ring. */
    private long older;

    private long olderTime;

    SlidingBook(int limit, long span) {
        this.limit = limit;
        this.span = span;
        times = new long[Math.min(limit, FIRST_CAPACITY)];
    }

    /** Takes one permit, if one look at the ring tells that it has room. */
    boolean takeOne(long now) {
        if (older > 0) {
            return false;
        }
        if (kept < times.length) {
            times[slot(kept++)] = now;
            return true;
        }
        if (now - times[first] < span) {
            return false;
        }
        times[first] = now;
        first = slot(1);
        return true;
    }

    @Override
    public long roomAt(long earliest, int permits) {
        long over = size() + permits - limit;
        return over <= 0 ? earliest : Math.max(earliest, leavesAt(over - 1));
    }

    @Override
    public void count(long at, int permits) {
        int pushed = Math.min(permits, limit);
        for (int i = 0; i < pushed; i++) {
            push(at);
        }
        if (permits > pushed) {
            outgrow(at, at, permits - pushed);
        }
    }

    private void push(long at) {
        if (kept == times.length) {
            if (kept < limit && at - times[first] < span) {
                grow();
            } else {
                outgrow(at, times[first], 1);
                first = slot(1);
                kept--;
            }
        }
        times[slot(kept++)] = at;
    }

    private void grow() {
        var larger = new long[Math.min(times.length * 2, limit)];
        int tail = times.length - first;
        System.arraycopy(times, first, larger, 0, tail);
        System.arraycopy(times, 0, larger, tail, first);
        times = larger;
        first = 0;
    }

    /** Permits of that time have no place in the ring. */
    private void outgrow(long now, long time, int permits) {
        older = (now - olderTime < span ? older : 0) + (now - time < span ? permits : 0);
        olderTime = time;
    }

    private void dropFirst(long count) {
        long fromOlder = Math.min(count, older);
        older -= fromOlder;
        int fromRing = (int) (count - fromOlder);
        first = slot(fromRing);
        kept -= fromRing;
    }

    private int slot(int index) {
        int slot = first + index;
        return slot < times.length ? slot : slot - times.length;
    }

    private long leavesAt(long index) {
        return Ticks.saturatedSum(time(index), span);
    }

    long size() {
        return older + kept;
    }

    int limit() {
        return limit;
    }

    long span() {
        return span;
    }

    /** The time of a permit, counted from the oldest that is known. */
    long time(long index) {
        return index < older ? olderTime : times[slot((int) (index - older))];
    }

    @Override
    int most() {
        return limit;
    }

    @Override
    int available(long now) {
        return (int) Math.max(0, limit - (size() - gone(now)));
    }

    /** How many of the oldest are no longer in the window. */
    private long gone(long now) {
        long low = 0;
        long high = size();
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (leavesAt(middle) <= now) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    int known(long now) {
        return (int) Math.min(size() - gone(now), Integer.MAX_VALUE);
    }

    @Override
    void replay(long now, Book into) {
        dropFirst(gone(now));
        if (older > 0) {
            into.count(olderTime, (int) Math.min(older, Integer.MAX_VALUE));
        }
        for (long i = older; i < size(); i++) {
            into.count(time(i), 1);
        }
    }

    @Override
    void uncount(long now, long at, int permits) {
        int end = kept;
        while (end > 0 && times[slot(end - 1)] > at) {
            end--;
        }
        int from = end;
        while (from > 0 && end - from < permits && times[slot(from - 1)] == at) {
            from--;
        }
        int removed = end - from;
        for (int i = end; i < kept; i++) {
            times[slot(i - removed)] = times[slot(i)];
        }
        kept -= removed;
        if (at == olderTime) {
            older -= Math.min(older, permits - removed);
        }
    }

    /**
     * Drops the oldest permits in the window. Whichever of them was not used, every window to come that holds the
     * oldest holds that one too, so none counts too few.
     */
    @Override
    void refund(long now, long about, int permits) {
        if (about + span > now) {
            dropFirst(gone(now));
            dropFirst(Math.min(permits, size()));
        }
    }

    @Override
    long emptyAt() {
        return size() == 0 ? Long.MIN_VALUE : leavesAt(size() - 1);
    }

    @Override
    Plan plan() {
        return new SlidingPlan(this);
    }
}
