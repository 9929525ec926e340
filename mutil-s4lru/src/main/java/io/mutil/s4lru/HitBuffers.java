package io.mutil.s4lru;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongConsumer;

/**
 * Hits that were seen and not yet acted on, in one ring for each few threads.
 *
 * <p>Recording takes no atomic instruction: two threads that share a ring, or a thread that finds its ring full while
 * another works on the lists, may lose hits. A thread alone loses none. See "Design of a Modern Cache" (Caffeine) for why
 * that costs nothing that can be measured in hits.
 */
final class HitBuffers {
    private static final int SLOTS = 128;
    private static final int MASK = SLOTS - 1;

    // The counters stand in lines of their own, before the slots.
    private static final int WRITTEN = 8;
    private static final int READ = 16;
    private static final int FIRST = 24;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[][] rings;

    HitBuffers(int processors) {
        int count = Integer.highestOneBit(Math.max(2, Math.min(processors, 16)) * 4);
        rings = new long[count][FIRST + SLOTS + 8];
    }

    /** Records a hit, unless the ring of the thread is full: {@link #drain} and try again, or let it go. */
    @SuppressWarnings("ThreadId") // an id may be shared or overridden: then the ring is shared
    boolean record(long hit) {
        long[] ring = rings[(int) Thread.currentThread().getId() & (rings.length - 1)];
        long written = (long) LONGS.getOpaque(ring, WRITTEN);
        if (written - (long) LONGS.getOpaque(ring, READ) >= SLOTS) {
            return false;
        }
        LONGS.setOpaque(ring, FIRST + ((int) written & MASK), hit);
        LONGS.setRelease(ring, WRITTEN, written + 1);
        return true;
    }

    /** Hands on what was recorded, in order for each thread. For the holder of the lock. */
    void drain(LongConsumer hits) {
        for (long[] ring : rings) {
            long written = (long) LONGS.getAcquire(ring, WRITTEN);
            long read = ring[READ];
            if (written != read) {
                drain(ring, read, written, hits);
            }
        }
    }

    private static void drain(long[] ring, long read, long written, LongConsumer hits) {
        // A writer that was overtaken by others of its ring may have set the count back: then the latest are looked at,
        // and some of them count twice.
        long from = written - read > 0 && written - read <= SLOTS ? read : Math.max(0, written - SLOTS);
        for (long at = from; at < written; at++) {
            hits.accept((long) LONGS.getOpaque(ring, FIRST + ((int) at & MASK)));
        }
        LONGS.setRelease(ring, READ, written);
    }

    /** How many hits were recorded; threads that shared a ring may have missed some. */
    long recorded() {
        long sum = 0;
        for (long[] ring : rings) {
            sum += (long) LONGS.getOpaque(ring, WRITTEN);
        }
        return sum;
    }
}
