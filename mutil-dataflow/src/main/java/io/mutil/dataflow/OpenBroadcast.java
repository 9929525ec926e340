package io.mutil.dataflow;

import io.mutil.server.WebSocketServer;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** The running form of {@link WebSocketEgress}. */
record OpenBroadcast<T>(BroadcastTask<T> task, WebSocketServer server) implements OpenEgress<T> {
    @Override
    public void abort() {
        task.abort();
    }

    @Override
    public long discarded() {
        return task.discarded();
    }

    @Override
    public URI uri() {
        return server.uri();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return server.closeAsync();
    }
}
