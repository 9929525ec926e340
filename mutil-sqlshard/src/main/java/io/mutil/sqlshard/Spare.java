package io.mutil.sqlshard;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps a few objects that are dear to make, for whoever needs one next; makes another when there is none to hand. */
final class Spare<T> {
    private static final int SLOTS = 32;

    private final AtomicReferenceArray<@Nullable T> slots = new AtomicReferenceArray<>(SLOTS);
    private final Supplier<T> maker;

    Spare(Supplier<T> maker) {
        this.maker = maker;
    }

    T take() {
        @Nullable T kept = slots.getAndSet(slot(), null);
        return kept == null ? maker.get() : kept;
    }

    /** Whether it was kept; the caller ends it otherwise. */
    boolean keep(T spare) {
        return slots.compareAndSet(slot(), null, spare);
    }

    /** A thread finds what it left itself, as a rule. */
    @SuppressWarnings("deprecation")
    private static int slot() {
        return (int) (Thread.currentThread().getId() & SLOTS - 1);
    }
}
