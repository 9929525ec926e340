package io.mutil.dataflow;

/** The running form of an egress to a network. */
record OpenBroadcast<T>(BroadcastTask<T, ?> task, NetworkEnd network) implements OpenEgress<T>, NetworkEnd.Level {
    @Override
    public void abort() {
        task.abort();
    }

    @Override
    public long discarded() {
        return task.discarded();
    }

    @Override
    public int connections() {
        return task.connections();
    }
}
