package io.mutil.bench.lru;

import java.lang.management.ManagementFactory;

/** What the heap holds. */
final class Heap {
    private static final int COLLECTIONS = 4;

    private Heap() {}

    /** In bytes, after collections: what the first one only finds the second one frees. */
    static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
