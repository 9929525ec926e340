package io.mutil.dataflow;

import java.io.Serializable;

/**
 * Told of each item whose processing failed. The item is not tried again.
 *
 * <p>Called on the thread that failed, so possibly by many threads at once; the default logs the exception without the
 * item. Failures are counted in {@link LevelStats#errors()} whatever the handler does.
 *
 * @param <T> items
 */
@FunctionalInterface
public interface ErrorHandler<T> extends Serializable {
    /** Takes note of a failure. An exception from here is logged and changes nothing. */
    void failed(T item, Throwable failure);
}
