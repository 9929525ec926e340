package io.mutil.dataflow;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A level of workers as the topology keeps it.
 *
 * @param tick zero for none
 * @param declared what the topology says about failures
 * @param processes where its workers run, null for threads of this process
 */
record WorkerLevel<I, O>(
        String name,
        int howMany,
        WorkerFactory<I, O> factory,
        @Nullable Key<? super I> key,
        Edge edge,
        ErrorHandler<? super I> onError,
        Duration tick,
        @Nullable Supervision declared,
        @Nullable Processes<I, O> processes) {
    /** What was declared, or to skip. */
    Supervision supervision() {
        return declared == null ? Supervision.skip() : declared;
    }

    /** The same level without processes of its own. */
    WorkerLevel<I, O> onThreads() {
        return new WorkerLevel<>(name, howMany, factory, key, edge, onError, tick, declared, null);
    }
}
