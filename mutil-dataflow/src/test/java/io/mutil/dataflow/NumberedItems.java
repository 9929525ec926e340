package io.mutil.dataflow;

import io.mutil.dataflow.DataflowConformance.Item;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream of numbered items that goes on until a test has seen enough. */
final class NumberedItems implements Iterator<Item> {
    private static final int TAIL = 1000;

    private final AtomicInteger next = new AtomicInteger();
    private volatile int end = Integer.MAX_VALUE;

    /** A few more come, and then no more. */
    void end() {
        end = next.get() + TAIL;
    }

    /** How many there were. */
    long count() {
        return next.get();
    }

    @Override
    public boolean hasNext() {
        return next.get() < end;
    }

    @Override
    public Item next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return new Item(next.getAndIncrement(), List.of());
    }
}
