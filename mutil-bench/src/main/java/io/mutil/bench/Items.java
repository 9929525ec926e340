package io.mutil.bench;

import java.util.Iterator;

/** The first so many items of an endless repetition of boxed numbers; half of them are odd. */
final class Items implements Iterator<Long> {
    private static final Long[] NUMBERS = Numbers.boxed(4096);
    private static final long ODD_CYCLE = sumOf(NUMBERS.length, true);
    private static final long EVEN_CYCLE = sumOf(NUMBERS.length, false);

    private final int count;
    private int next;

    Items(int count) {
        this.count = count;
    }

    @Override
    public boolean hasNext() {
        return next < count;
    }

    @Override
    public Long next() {
        return NUMBERS[next++ & NUMBERS.length - 1];
    }

    /** The sum of what a correct topology delivers to its odd sink, or to its even one. */
    static long sumPlusOne(int count, boolean odd) {
        // The check is inside of what is timed, so it must not go over all items again.
        long cycles = count / NUMBERS.length;
        return cycles * (odd ? ODD_CYCLE : EVEN_CYCLE) + sumOf(count % NUMBERS.length, odd);
    }

    private static long sumOf(int count, boolean odd) {
        long sum = 0;
        for (var items = new Items(count); items.hasNext(); ) {
            long result = items.next() + 1;
            if (isOdd(result) == odd) {
                sum += result;
            }
        }
        return sum;
    }

    static boolean isOdd(long number) {
        return (number & 1) != 0;
    }
}
