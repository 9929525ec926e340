package io.mutil.bench.number;

import java.math.BigDecimal;
import java.util.Random;

/** The same prices in three types: three to five decimals, a few groups, a tenth of them negative. */
final class Samples {
    /** Of the longs. */
    static final int SCALE = 5;

    /** A power of two, so that the next index is a mask. */
    static final int COUNT = 1_024;

    final long[] longs = new long[COUNT];
    final double[] doubles = new double[COUNT];
    final BigDecimal[] decimals = new BigDecimal[COUNT];

    Samples() {
        var random = new Random(7);
        for (int i = 0; i < COUNT; i++) {
            long tens = new long[] {1, 10, 100}[random.nextInt(3)];
            long price = random.nextInt(1_000_000_000) / tens * tens;
            longs[i] = random.nextInt(10) == 0 ? -price : price;
            decimals[i] = BigDecimal.valueOf(
                    longs[i] / tens, SCALE - Long.toString(tens).length() + 1);
            doubles[i] = decimals[i].doubleValue();
        }
    }
}
