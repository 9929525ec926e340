package io.mutil.dataflow;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A level of workers as the topology keeps it.
 *
 * @param tick zero for none
 */
record WorkerLevel<I, O>(
        String name,
        int howMany,
        WorkerFactory<I, O> factory,
        @Nullable Key<? super I> key,
        Edge edge,
        ErrorHandler<? super I> onError,
        Duration tick,
        Supervision supervision) {}
