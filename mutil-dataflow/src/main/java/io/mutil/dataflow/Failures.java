package io.mutil.dataflow;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the failures of user code at one level and passes them to its handler. What is logged here is logged first: whoever
 * sees the count finds the line.
 */
final class Failures<T> {
    private static final System.Logger LOG = System.getLogger(Dataflow.class.getName());

    private final LongAdder count = new LongAdder();
    private final String level;
    private final ErrorHandler<? super T> handler;

    Failures(String level, ErrorHandler<? super T> handler) {
        this.level = level;
        this.handler = handler;
    }

    /** The default handler: the exception, never the item, which may be anybody's data. */
    static <T> ErrorHandler<T> logging(String level) {
        return (item, failure) -> LOG.log(WARNING, "an item failed in '" + level + "'", failure);
    }

    void add(T item, Throwable failure) {
        count.increment();
        try {
            handler.failed(item, failure);
        } catch (Throwable e) {
            LOG.log(WARNING, "the error handler of '" + level + "' failed", e);
        }
    }

    /** Counts a failure that no item has caused. */
    void add(Throwable failure) {
        LOG.log(WARNING, "a worker of '" + level + "' failed", failure);
        count.increment();
    }

    /** Counts and logs a message whose items nobody will see, without what it holds. */
    void addMalformed(String from, Exception reason) {
        // A codec's own message names no payload; what else it may throw could.
        String why = reason instanceof IOException
                ? reason.getMessage()
                : "decoding failed with " + reason.getClass().getName();
        LOG.log(WARNING, () -> "'" + level + "' skips a message from " + from + ": " + why);
        count.increment();
    }

    /** Counts and logs that a part of the level came to a bad end. */
    void addBroken(String part, String why) {
        LOG.log(WARNING, () -> part + " of '" + level + "' " + why);
        count.increment();
    }

    /** Counts what is logged elsewhere, or told. */
    void increment() {
        count.increment();
    }

    void closeFailed(Throwable failure) {
        LOG.log(WARNING, "a worker of '" + level + "' did not close", failure);
        count.increment();
    }

    long count() {
        return count.sum();
    }
}
