package io.mutil.dataflow;

import java.io.Serializable;

/**
 * Takes the items of an in-process egress, called by one thread at a time.
 *
 * @param <T> items
 */
@FunctionalInterface
public interface Sink<T> extends Serializable {
    /**
     * Takes one item.
     *
     * @throws Exception anything; the item and the exception go to the egress's {@link ErrorHandler}
     */
    void accept(T item) throws Exception;
}
