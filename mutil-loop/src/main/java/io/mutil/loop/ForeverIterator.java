package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Takes a result when asked whether there is one, and arms its source again when it hands it over. */
final class ForeverIterator<T extends @Nullable Object> implements Iterator<Completion<T>> {
    private final ForeverCore<T> core;
    private @Nullable ForeverSlot<T> claimed;
    private boolean ended;

    ForeverIterator(ForeverCore<T> core) {
        this.core = core;
    }

    @Override
    public boolean hasNext() {
        if (claimed == null && !ended) {
            claimed = await();
            ended = claimed == null;
        }
        return claimed != null;
    }

    private @Nullable ForeverSlot<T> await() {
        try {
            return core.await(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public Completion<T> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the loop is over, or its consumer was interrupted");
        }
        ForeverSlot<T> slot = requireNonNull(claimed);
        claimed = null;
        Completion<T> completion = slot.takeResult();
        core.settle(slot, completion);
        return completion;
    }
}
