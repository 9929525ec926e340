package io.mutil.cache;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of the heap large bodies may take together. */
final class HeapBudget {
    private final AtomicLong free;

    HeapBudget(long bytes) {
        free = new AtomicLong(bytes);
    }

    /** False if there are not so many left, and then takes none. */
    boolean take(long bytes) {
        for (long left = free.get(); left >= bytes; left = free.get()) {
            if (free.compareAndSet(left, left - bytes)) {
                return true;
            }
        }
        return false;
    }

    void give(long bytes) {
        free.addAndGet(bytes);
    }
}
