package io.mutil.dataflow;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The running form of an egress to a network. */
record OpenBroadcast<T>(BroadcastTask<T, ?> task, NetworkEnd network) implements OpenEgress<T> {
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

    @Override
    public long restarts() {
        return network.outages().restarts();
    }

    @Override
    public boolean isUnconnected() {
        return network.uri() == null && connections() == 0;
    }

    @Override
    public @Nullable URI uri() {
        return network.uri();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return network.closeAsync();
    }
}
