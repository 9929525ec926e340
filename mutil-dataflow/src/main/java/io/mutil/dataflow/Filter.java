package io.mutil.dataflow;

import java.io.Serializable;

/**
 * Decides at the sender whether an item goes to an egress. Called by many threads.
 *
 * @param <T> items
 */
@FunctionalInterface
public interface Filter<T> extends Serializable {
    /** True if the egress wants the item. */
    boolean test(T item);
}
