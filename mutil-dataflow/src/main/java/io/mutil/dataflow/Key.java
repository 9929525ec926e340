package io.mutil.dataflow;

import java.io.Serializable;

/**
 * Names the key of an item; items with equal keys go to the same worker, in order.
 *
 * @param <T> items
 */
@FunctionalInterface
public interface Key<T> extends Serializable {
    /** The key, whose {@code hashCode} and {@code equals} must depend on its value alone. */
    Object of(T item);
}
