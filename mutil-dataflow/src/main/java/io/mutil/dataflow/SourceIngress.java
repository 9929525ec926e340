package io.mutil.dataflow;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

final class SourceIngress<T> extends Ingress<T> {
    private final Source<T> source;

    SourceIngress(Source<T> source) {
        this.source = source;
    }

    @Override
    int senders(FlowLoops loops) {
        return 1;
    }

    @Override
    OpenIngress open(FlowContext context, FlowLoops loops, List<Sender<T>> senders, Stage stage) {
        var task = new SourceTask<T>(context, stage, senders.get(0), source.open());
        task.signal();
        return new OpenIngress() {
            @Override
            public void stop() {
                task.stop();
            }

            @Override
            public long failures() {
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
        };
    }
}
