package io.mutil.codec.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;

/** What is queued in an outbox, its bound, and who waits for it. Used under the lock of its {@link FrameOutbox}. */
final class Room {
    static final long FOR_EVER = Long.MAX_VALUE;

    private final long capacity;
    private final Condition condition;
    private final Ending ending;

    private long queued;
    /** Of these in turns that have bounds of their own. */
    private long inTurns;

    /** Who waits for anything to leave, and those among them who wait for room. */
    private int waiting;

    private int waitingForRoom;
    /** Writers that need more room than small frames in front of them would ever leave; others queue behind the first. */
    private final ArrayDeque<Long> starving = new ArrayDeque<>(1);

    private long places;

    Room(long capacity, Condition condition, Ending ending) {
        this.capacity = capacity;
        this.condition = condition;
        this.ending = ending;
    }

    void take(long bytes, boolean inTurn) {
        queued += bytes;
        inTurns += inTurn ? bytes : 0;
    }

    void leave(long bytes, boolean inTurn) {
        queued = Math.max(0, queued - bytes);
        inTurns = inTurn ? Math.max(0, inTurns - bytes) : inTurns;
        if (waiting > 0 && (inTurn || bounded() <= capacity / 2)) {
            condition.signalAll();
        }
    }

    /** A turn has ended, and what is left of it counts like everything else. */
    void settle(long bytes) {
        inTurns = Math.max(0, inTurns - bytes);
    }

    /** Nothing is queued any more, and whoever waits learns why. */
    void clear() {
        queued = 0;
        inTurns = 0;
        condition.signalAll();
    }

    long queued() {
        return queued;
    }

    /** What counts against the capacity: a file that takes its turn does not keep others from queueing behind it. */
    long bounded() {
        return queued - inTurns;
    }

    private boolean fits(long bytes) {
        return bounded() == 0 || bounded() + bytes <= capacity;
    }

    /** Whether there is room for who does not wait, which is less while others do: they would never get in. */
    boolean fitsAtOnce(long bytes) {
        if (waitingForRoom == 0) {
            return fits(bytes);
        }
        return starving.isEmpty() && (bounded() == 0 || bounded() + bytes <= capacity / 2);
    }

    /** Whoever waits looks at the ending again. */
    void signal() {
        condition.signalAll();
    }

    /** Whether there is room before so many nanoseconds have passed. */
    boolean await(long bytes, long nanos) throws IOException, InterruptedException {
        ending.requireOpen();
        if (starving.isEmpty() && fits(bytes)) {
            return true;
        }
        Long place = places++;
        boolean large = bytes > capacity / 2;
        if (large) {
            starving.add(place);
        }
        waitingForRoom++;
        try {
            return awaitPlace(place, bytes, nanos);
        } finally {
            waitingForRoom--;
            if (large) {
                starving.remove(place);
                condition.signalAll();
            }
        }
    }

    private boolean awaitPlace(long place, long bytes, long nanos) throws IOException, InterruptedException {
        for (long left = nanos; left > 0; ) {
            left = awaitProgress(left);
            ending.requireOpen();
            // whoever had to wait comes back to a good deal of room, not for every piece that leaves
            if ((starving.isEmpty() || starving.element() >= place) && roomy(bytes)) {
                return true;
            }
        }
        return false;
    }

    private boolean roomy(long bytes) {
        return bounded() <= Math.max(0, Math.min(capacity / 2, capacity - bytes));
    }

    /** Waits until something has left, or longer than need be; returns what is left of the time. */
    @SuppressWarnings("WaitNotInLoop") // its callers loop
    long awaitProgress(long nanos) throws InterruptedException {
        long left = nanos;
        waiting++;
        try {
            if (nanos == FOR_EVER) {
                condition.await();
            } else {
                left = condition.awaitNanos(nanos);
            }
        } finally {
            waiting--;
        }
        return left;
    }
}
