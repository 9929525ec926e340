package io.mutil.dataflow;

import java.io.Serializable;

/**
 * The start hook of a level: makes each worker, and with it the state that this worker alone owns.
 *
 * <p>Called once per worker, one after the other, before the first item enters the topology.
 *
 * @param <I> items in
 * @param <O> items out
 */
@FunctionalInterface
public interface WorkerFactory<I, O> extends Serializable {
    /**
     * Makes one worker.
     *
     * @throws Exception anything; the topology then does not start
     */
    Worker<I, O> start(WorkerContext context) throws Exception;
}
