package io.mutil.ratelimit;

/**
 * The times of the permits of one sliding window, in a ring: a permit has room once the one that was handed out
 * {@code limit} permits earlier is a whole span old. That is exact, and looks at one number.
 *
 * <p>The ring is sorted, as permits are counted in order. It grows to what the window holds and no further: where it is
 * full, what has left the window is overwritten. It may hold more than the limit after the rule was changed.
 */
final class SlidingBook extends Book {
    private static final int FIRST_CAPACITY = 16;

    private final int limit;
    private final long span;
    private long[] times;
    private int first;
    private int size;

    SlidingBook(int limit, long span) {
        this.limit = limit;
        this.span = span;
        times = new long[Math.min(limit, FIRST_CAPACITY)];
    }

    @Override
    public long roomAt(long earliest, int permits) {
        int over = size + permits - limit;
        return over <= 0 ? earliest : Math.max(earliest, leavesAt(over - 1));
    }

    @Override
    public void count(long at, int permits) {
        for (int i = 0; i < permits; i++) {
            push(at);
        }
    }

    private void push(long at) {
        if (size == times.length) {
            if (leavesAt(0) <= at) {
                dropFirst(1);
            } else {
                grow();
            }
        }
        times[slot(size++)] = at;
    }

    private void grow() {
        int doubled = times.length * 2;
        var larger = new long[times.length < limit ? Math.min(doubled, limit) : doubled];
        int tail = times.length - first;
        System.arraycopy(times, first, larger, 0, tail);
        System.arraycopy(times, 0, larger, tail, first);
        times = larger;
        first = 0;
    }

    private void dropFirst(int count) {
        first = slot(count);
        size -= count;
    }

    private int slot(int index) {
        int slot = first + index;
        return slot < times.length ? slot : slot - times.length;
    }

    private long leavesAt(int index) {
        return Ticks.sum(times[slot(index)], span);
    }

    int size() {
        return size;
    }

    int limit() {
        return limit;
    }

    long span() {
        return span;
    }

    /** The time of a permit, counted from the oldest that is kept. */
    long time(int index) {
        return times[slot(index)];
    }

    @Override
    int most() {
        return limit;
    }

    @Override
    int available(long now) {
        return Math.max(0, limit - (size - gone(now)));
    }

    /** How many of the oldest are no longer in the window. */
    private int gone(long now) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
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
        return size;
    }

    @Override
    void replay(long now, Book into) {
        for (int i = 0; i < size; i++) {
            into.count(time(i), 1);
        }
    }

    @Override
    void uncount(long now, long at, int permits) {
        int end = size;
        while (end > 0 && time(end - 1) > at) {
            end--;
        }
        int from = end;
        while (from > 0 && end - from < permits && time(from - 1) == at) {
            from--;
        }
        int removed = end - from;
        for (int i = end; i < size; i++) {
            times[slot(i - removed)] = time(i);
        }
        size -= removed;
    }

    /**
     * Drops the oldest permits in the window. Whichever of them was not used, every window to come that holds the
     * oldest holds that one too, so none counts too few.
     */
    @Override
    void refund(long now, long about, int permits) {
        if (about + span > now) {
            dropFirst(gone(now));
            dropFirst(Math.min(permits, size));
        }
    }

    @Override
    long emptyAt() {
        return size == 0 ? Long.MIN_VALUE : leavesAt(size - 1);
    }

    @Override
    Plan plan() {
        return new SlidingPlan(this);
    }
}
