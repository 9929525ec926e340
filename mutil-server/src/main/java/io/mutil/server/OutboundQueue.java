package io.mutil.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Counts the bytes that wait to be sent on one connection, and tells who was refused when there is room again.
 *
 * <p>A message is admitted if it fits, or if nothing is queued: a message larger than the whole bound could never be
 * sent otherwise. Room is signalled at half the bound, or lower if a refused message needs more. Of several that were
 * refused the one that needs least decides; a signal may then be too early for others, whose next refusal sets their
 * level.
 */
final class OutboundQueue {
    private static final long NOBODY = -1;

    private final long capacity;
    private final AtomicLong queued = new AtomicLong();
    private final AtomicLong signalAt = new AtomicLong(NOBODY);
    private final AtomicReference<CompletableFuture<Void>> room = new AtomicReference<>(new CompletableFuture<>());

    OutboundQueue(long capacity) {
        this.capacity = capacity;
    }

    /** Admits a message now or not at all. */
    boolean tryAdd(long bytes) {
        long before = queued.get();
        while (before == 0 || before + bytes <= capacity) {
            if (queued.compareAndSet(before, before + bytes)) {
                return true;
            }
            before = queued.get();
        }
        return false;
    }

    /** Notes that a message of this size was refused; true if there is room by now and the caller must signal it. */
    boolean refused(long bytes) {
        long level = Math.max(0, Math.min(capacity / 2, capacity - bytes));
        signalAt.accumulateAndGet(level, Math::max);
        return claimSignal();
    }

    /** Takes the bytes of a finished message off; true if the caller must signal room. */
    boolean remove(long bytes) {
        queued.addAndGet(-bytes);
        return signalAt.get() != NOBODY && claimSignal();
    }

    private boolean claimSignal() {
        long level = signalAt.get();
        while (level != NOBODY && queued.get() <= level) {
            if (signalAt.compareAndSet(level, NOBODY)) {
                return true;
            }
            level = signalAt.get();
        }
        return false;
    }

    /** Completes at the next {@link #signal}. Taken before an attempt to add, so that no signal is missed. */
    CompletableFuture<Void> room() {
        return room.get();
    }

    void signal() {
        room.getAndSet(new CompletableFuture<>()).complete(null);
    }

    boolean hasRoom() {
        return queued.get() < capacity;
    }

    long queued() {
        return queued.get();
    }

    long capacity() {
        return capacity;
    }
}
