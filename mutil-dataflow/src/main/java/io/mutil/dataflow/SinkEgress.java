package io.mutil.dataflow;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

final class SinkEgress<T> extends Egress<T> {
    private final Sink<? super T> sink;

    SinkEgress(Sink<? super T> sink) {
        this.sink = sink;
    }

    @Override
    Opener<T> opener() {
        return (context, loops, level, stage, failures) ->
                new OpenSink<>(new SinkTask<>(context, level.edge(), stage, sink, failures));
    }

    private record OpenSink<T>(ReceiverTask<T> task) implements OpenEgress<T> {
        @Override
        public void abort() {}

        @Override
        public long discarded() {
            return 0;
        }

        @Override
        public @Nullable URI uri() {
            return null;
        }

        @Override
        public CompletableFuture<Void> closeAsync() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
