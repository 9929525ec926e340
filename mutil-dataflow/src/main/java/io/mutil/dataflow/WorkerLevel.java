package io.mutil.dataflow;

import org.jspecify.annotations.Nullable;

/** A level of workers as the topology keeps it. */
record WorkerLevel<I, O>(
        String name,
        int howMany,
        WorkerFactory<I, O> factory,
        @Nullable Key<? super I> key,
        Edge edge,
        ErrorHandler<? super I> onError) {}
