package io.mutil.s4lru;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongConsumer;

/**
 * Hits that were seen and not yet acted on, in one ring for each few threads.
 *
 * <p>Recording takes no atomic instruction: two threads that share a ring, or a thread that finds its ring full while
 * another works on the lists, may lose hits. See "Design of a Modern Cache" (Caffeine) for why that costs nothing that can
 * be measured in hits. For the same reason a thread that has done nothing but hit a thousand times has only one hit of
 * sixteen acted on until something else happens: the lists cost more than the look-up, and nothing asks for their order
 * meanwhile.
 */
final class HitBuffers {
    private static final int SLOTS = 128;
    private static final int MASK = SLOTS - 1;

    // The counters stand in lines of their own, before the slots.
    private static final int WRITTEN = 8;
    private static final int SEEN = 9;
    private static final int FULL_IN_A_ROW = 10;
    private static final int READ = 16;
    private static final int FIRST = 24;

    /** A burst begins when the ring was full as often. */
    private static final int BURST = 8;

    private static final int SAMPLE_SHIFT = 60;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[][] rings;
    private final LongConsumer hits;

    /**
     * @param processors how many there are
     * @param hits who is handed what was recorded, with the lock
     */
    HitBuffers(int processors, LongConsumer hits) {
        this.hits = hits;
        int count = Integer.highestOneBit(Math.max(2, Math.min(processors, 16)) * 4);
        rings = new long[count][FIRST + SLOTS + 8];
    }

    /** Records a hit, unless the ring of the thread is full: {@link #drain} and try again, or let it go. */
    boolean record(long hit) {
        long[] ring = ring();
        long seen = (long) LONGS.getOpaque(ring, SEEN) + 1;
        LONGS.setOpaque(ring, SEEN, seen);
        // spread, so that no rhythm of the caller's decides which
        if ((long) LONGS.getOpaque(ring, FULL_IN_A_ROW) >= BURST
                && (seen * 0x9E3779B97F4A7C15L) >>> SAMPLE_SHIFT != 0) {
            return true;
        }
        return write(ring, hit);
    }

    private static boolean write(long[] ring, long hit) {
        long written = (long) LONGS.getOpaque(ring, WRITTEN);
        if (written - (long) LONGS.getOpaque(ring, READ) >= SLOTS) {
            return false;
        }
        LONGS.setOpaque(ring, FIRST + ((int) written & MASK), hit);
        LONGS.setRelease(ring, WRITTEN, written + 1);
        return true;
    }

    /** Hands on what was recorded, in order for each thread. For the holder of the lock. */
    void drain() {
        for (long[] ring : rings) {
            long written = (long) LONGS.getAcquire(ring, WRITTEN);
            long read = ring[READ];
            if (written != read) {
                drain(ring, read, written);
            }
            if ((long) LONGS.getOpaque(ring, FULL_IN_A_ROW) != 0) {
                LONGS.setOpaque(ring, FULL_IN_A_ROW, 0L);
            }
        }
    }

    /** Hands on what the ring of this thread has, which is full, and records one more. For the holder of the lock. */
    void drainFull(long hit) {
        long[] ring = ring();
        drain(ring, ring[READ], (long) LONGS.getAcquire(ring, WRITTEN));
        LONGS.setOpaque(ring, FULL_IN_A_ROW, (long) LONGS.getOpaque(ring, FULL_IN_A_ROW) + 1);
        var unused = write(ring, hit);
    }

    private void drain(long[] ring, long read, long written) {
        // A writer that was overtaken by others of its ring may have set the count back: then the latest are looked at,
        // and some of them count twice.
        long from = written - read > 0 && written - read <= SLOTS ? read : Math.max(0, written - SLOTS);
        for (long at = from; at < written; at++) {
            hits.accept((long) LONGS.getOpaque(ring, FIRST + ((int) at & MASK)));
        }
        LONGS.setRelease(ring, READ, written);
    }

    /** Threads may share one, and overridden ids are no harm. */
    private long[] ring() {
        return rings[(int) Thread.currentThread().getId() & (rings.length - 1)];
    }

    /** How many hits there were; threads that shared a ring may have missed some. */
    long recorded() {
        long sum = 0;
        for (long[] ring : rings) {
            sum += (long) LONGS.getOpaque(ring, SEEN);
        }
        return sum;
    }
}
