package io.mutil.ratelimit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Exclusion for the short time it takes to look into the books: one atomic instruction to get in, an ordinary write to get
 * out, where a {@code ReentrantLock} needs an atomic one for each. Nobody sleeps or waits inside, and nothing of the caller's
 * is called but its clocks. To be extended by what it guards, so that the one is not looked for in another place than the other.
 *
 * <p>Who finds it taken does not look again for a while, so that the holder keeps its memory and can come back a few times: one
 * that looks all the time takes the memory away from it. Then it waits for longer, some 2,000 pauses in all, which the processor
 * makes longer or shorter (measured on one: 55 microseconds), then lets others run, then sleeps for ever longer, up to a
 * millisecond: the holder may have been put aside by the operating system, and a thread that spins would keep it there. That
 * needs no list of those who wait, and no wake-up that could be lost; who gets in next is anybody's luck, as the order of those
 * who wait for permits is kept elsewhere. An interrupt does not keep it awake, and is there again when it is in. Not reentrant.
 */
class Mutex {
    /** Pauses before the first look, twice as many before each that follows. */
    private static final int FIRST_SPIN = 64;

    private static final int SPINS = 5;
    private static final int YIELDS = 16;
    private static final long FIRST_SLEEP = 10_000;
    private static final long LONGEST_SLEEP = 1_000_000;
    private static final VarHandle TAKEN;

    static {
        try {
            TAKEN = MethodHandles.lookup().findVarHandle(Mutex.class, "taken", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through the handle
    private volatile int taken;

    public final void lock() {
        if (!tryLock()) {
            lockContended();
        }
    }

    final boolean tryLock() {
        return TAKEN.compareAndSet(this, 0, 1);
    }

    public final void unlock() {
        TAKEN.setRelease(this, 0);
    }

    @SuppressWarnings("ThreadPriorityCheck") // a hint is all that is wanted
    final void lockContended() {
        boolean interrupted = false;
        int tries = 0;
        long sleep = FIRST_SLEEP;
        do {
            tries++;
            if (tries <= SPINS) {
                spin(FIRST_SPIN << (tries - 1));
            } else if (tries <= SPINS + YIELDS) {
                Thread.yield();
            } else {
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(this, sleep);
                sleep = Math.min(sleep * 2, LONGEST_SLEEP);
            }
        } while (taken != 0 || !tryLock());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void spin(int pauses) {
        for (int i = 0; i < pauses; i++) {
            Thread.onSpinWait();
        }
    }
}
