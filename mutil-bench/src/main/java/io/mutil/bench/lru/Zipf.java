package io.mutil.bench.lru;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws ranks from 0, each as often as one over its place to a power. */
final class Zipf {
    private final double[] upTo;

    Zipf(int ranks, double power) {
        upTo = new double[ranks];
        double sum = 0;
        for (int rank = 0; rank < ranks; rank++) {
            sum += 1 / Math.pow(rank + 1.0, power);
            upTo[rank] = sum;
        }
    }

    int draw(RandomGenerator random) {
        int found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
        return Math.min(upTo.length - 1, found < 0 ? -found - 1 : found + 1);
    }
}
