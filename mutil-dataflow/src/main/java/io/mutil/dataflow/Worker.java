package io.mutil.dataflow;

import java.io.Serializable;

/**
 * What a worker does with one item.
 *
 * <p>A worker is called by one thread at a time, though not always by the same one, and sees what its earlier calls
 * wrote. A worker that is also {@link AutoCloseable} is closed after its last item.
 *
 * @param <I> items in
 * @param <O> items out
 */
@FunctionalInterface
public interface Worker<I, O> extends Serializable {
    /**
     * Handles one item and sends none, one or many on.
     *
     * @param out where results go; only valid during the call, on the calling thread
     * @throws Exception anything; the item and the exception go to the level's {@link ErrorHandler}
     */
    void process(I item, Outlet<O> out) throws Exception;

    /**
     * Called when the level's {@link Workers#tickEvery tick} is due, between two items; ticks that come due while the worker
     * is busy are one. Does nothing unless overridden.
     *
     * @param out as in {@link #process}
     * @throws Exception anything; counted as an error of the level, and {@link Supervision} decides
     */
    default void tick(Outlet<O> out) throws Exception {}

    /**
     * Called after the last item of a topology that ends in order, to send what the worker still holds. Does nothing unless
     * overridden.
     *
     * @param out as in {@link #process}
     * @throws Exception anything; counted as an error of the level
     */
    default void finish(Outlet<O> out) throws Exception {}
}
