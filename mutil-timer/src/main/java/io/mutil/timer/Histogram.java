package io.mutil.timer;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * How often each size of number came, in log-linear buckets, as in HdrHistogram: numbers below 128 have a bucket each, and each
 * power of two above has 64 of equal width. What it tells is the middle of a bucket, at most 1/128, 0.8%, off.
 *
 * <p>The buckets of a power of two, half a KiB, are made when its first number comes; all together are 30 KiB. Safe for many
 * threads.
 */
final class Histogram {
    private static final int BITS = 6;
    private static final int PER_POWER = 1 << BITS;
    private static final int POWERS = Long.SIZE - 1 - BITS;

    private final AtomicReferenceArray<@Nullable AtomicLongArray> powers = new AtomicReferenceArray<>(POWERS);

    /**
     * Counts a number.
     *
     * @param value not negative
     */
    void add(long value) {
        int power = power(value);
        buckets(power).getAndIncrement(bucket(value, power));
    }

    private static int power(long value) {
        return Math.max(0, Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(value));
    }

    private static int bucket(long value, int power) {
        return power == 0 ? (int) value : (int) (value >>> power) - PER_POWER;
    }

    private AtomicLongArray buckets(int power) {
        AtomicLongArray known = powers.getAcquire(power);
        if (known != null) {
            return known;
        }
        var fresh = new AtomicLongArray(power == 0 ? 2 * PER_POWER : PER_POWER);
        AtomicLongArray raced = powers.compareAndExchange(power, null, fresh);
        return raced == null ? fresh : raced;
    }

    long count() {
        long count = 0;
        for (int power = 0; power < POWERS; power++) {
            AtomicLongArray buckets = powers.getAcquire(power);
            for (int i = 0; buckets != null && i < buckets.length(); i++) {
                count += buckets.get(i);
            }
        }
        return count;
    }

    /**
     * The number below or at which a part of them is: of the first {@code count} numbers the one at rank {@code part * count}, rounded up.
     *
     * @param part above 0, at most 1
     * @param count how many there are, as {@link #count} told
     */
    long quantile(double part, long count) {
        long rank = Math.max(1, (long) Math.ceil(part * count));
        long below = 0;
        for (int power = 0; power < POWERS; power++) {
            AtomicLongArray buckets = powers.getAcquire(power);
            for (int i = 0; buckets != null && i < buckets.length(); i++) {
                below += buckets.get(i);
                if (below >= rank) {
                    return middle(power, i);
                }
            }
        }
        return 0;
    }

    private static long middle(int power, int bucket) {
        return power == 0 ? bucket : ((long) (PER_POWER + bucket) << power) + (1L << (power - 1));
    }
}
