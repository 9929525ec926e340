package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A stream of the numbers that a test says, when it says them. */
final class FedNumbers implements Iterator<Long> {
    private static final long END = Long.MIN_VALUE;

    private final BlockingQueue<Long> queue = new LinkedBlockingQueue<>();
    private final AtomicLong added = new AtomicLong();
    private @Nullable Long next;

    void add(long number) {
        added.incrementAndGet();
        queue.add(number);
    }

    void add(long from, long to) {
        for (long n = from; n < to; n++) {
            add(n);
        }
    }

    void end() {
        queue.add(END);
    }

    /** How many were added. */
    long count() {
        return added.get();
    }

    @Override
    public boolean hasNext() {
        try {
            if (next == null) {
                next = queue.take();
            }
        } catch (InterruptedException e) {
            // the topology gives up
            return false;
        }
        return next != null && next != END;
    }

    @Override
    public Long next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Long number = requireNonNull(next);
        next = null;
        return number;
    }
}
