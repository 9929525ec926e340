package io.mutil.dataflow;

import org.jspecify.annotations.Nullable;

/** An egress as the topology keeps it. */
record EgressLevel<T>(
        String name,
        @Nullable Filter<? super T> filter,
        Edge edge,
        ErrorHandler<? super T> onError,
        Egress.Opener<T> opener) {}
