package io.mutil.dataflow;

/** An egress of a running topology. */
interface OpenEgress<T> extends OpenEnd {
    ReceiverTask<T> task();

    /** Called after the topology was aborted, to let go of what waits for a peer. */
    default void abort() {}
}
