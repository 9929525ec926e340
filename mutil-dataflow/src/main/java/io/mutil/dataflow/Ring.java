package io.mutil.dataflow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A bounded single-producer single-consumer queue.
 *
 * <p>An empty slot is null, so each side learns from the slot itself whether it may go on and never reads the other
 * side's index (Giacomoni et al., "FastForward for efficient pipeline parallelism", PPoPP 2008).
 */
final class Ring<T> extends Lane<T> {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    private final @Nullable Object[] slots;
    private final int mask;

    Ring(int capacity) {
        slots = new Object[capacity];
        mask = capacity - 1;
    }

    @Override
    boolean offer(T item) {
        int slot = (int) offered() & mask;
        if (SLOT.getAcquire(slots, slot) != null) {
            return false;
        }
        SLOT.setRelease(slots, slot, item);
        countOffered();
        return true;
    }

    @Override
    @SuppressWarnings("unchecked")
    @Nullable
    T poll() {
        int slot = (int) polled() & mask;
        Object item = SLOT.getAcquire(slots, slot);
        if (item != null) {
            SLOT.setRelease(slots, slot, null);
            countPolled();
        }
        return (T) item;
    }

    @Override
    boolean isEmpty() {
        return SLOT.getAcquire(slots, (int) polled() & mask) == null;
    }
}
