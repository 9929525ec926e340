package io.mutil.testkit;

import java.util.List;

/** Samples of a memory that a program which runs for long must not use up. */
public final class Memory {
    private static final long ON_ITS_WAY = 8 << 20;

    private Memory() {}

    /** Bytes of the heap that are in use. */
    public static long heapAfterCollection() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /**
     * Compares the beginning of a run with its end.
     *
     * @param samples in bytes, at least three
     * @throws AssertionError if the median of the last third is more than a quarter, and 8 MiB for what is on its way, above
     *     that of the first
     */
    public static void assertFlat(List<Long> samples) {
        int third = samples.size() / 3;
        long early = median(samples.subList(0, third));
        long late = median(samples.subList(samples.size() - third, samples.size()));
        if (late > early * 5 / 4 + ON_ITS_WAY) {
            throw new AssertionError("grew from " + early + " to " + late + " bytes: " + samples);
        }
    }

    private static long median(List<Long> samples) {
        return samples.stream().sorted().skip(samples.size() / 2).findFirst().orElseThrow();
    }
}
