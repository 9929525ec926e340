package io.mutil.bench;

/** A sink that counts and sums. One thread at a time adds; the others read after a hand-over of their own. */
final class Tally {
    private long count;
    private long sum;

    void add(long number) {
        count++;
        sum += number;
    }

    long count() {
        return count;
    }

    void reset() {
        count = 0;
        sum = 0;
    }

    /** Fails unless the two sinks have what the first {@code items} items plus one are. */
    static void requireAll(int items, Tally odd, Tally even) {
        long delivered = odd.count + even.count;
        if (delivered != items
                || odd.sum != Items.sumPlusOne(items, true)
                || even.sum != Items.sumPlusOne(items, false)) {
            throw new IllegalStateException(delivered + " of " + items + " items came out, odd sum " + odd.sum
                    + ", even sum " + even.sum + "; the contestant is wrong, its speed means nothing");
        }
    }
}
