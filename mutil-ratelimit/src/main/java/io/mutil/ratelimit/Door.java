package io.mutil.ratelimit;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The lock of a gate, and the way to the gate that took its place, once it was retired. */
interface Door {
    /** Where to go instead; null, and the lock, if this gate is in use. */
    @Nullable
    Supplier<Gate> lockOrHeir();

    void lock();

    void unlock();

    /** Without room for another gate this one, with the lock, tells of its own books, in which nothing counts. */
    default <T> T read(Function<Gate, T> there, Supplier<T> here) {
        Supplier<Gate> heir = lockOrHeir();
        if (heir != null) {
            try {
                return there.apply(heir.get());
            } catch (RejectedExecutionException e) {
                lock();
            }
        }
        try {
            return here.get();
        } finally {
            unlock();
        }
    }
}
