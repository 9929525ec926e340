package io.mutil.dataflow;

import java.io.Serializable;
import java.util.Iterator;

/**
 * Opens the items of an in-process ingress, once per start of the topology.
 *
 * @param <T> items
 */
@FunctionalInterface
public interface Source<T> extends Serializable {
    /** The items, pulled by one thread at a time. When it ends, the topology drains and ends too. */
    Iterator<? extends T> open();
}
