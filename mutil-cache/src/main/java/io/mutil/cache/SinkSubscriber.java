package io.mutil.cache;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Hands a body to the cache as it arrives; the client reads on when it has taken it. */
final class SinkSubscriber implements HttpResponse.BodySubscriber<Fetched> {
    private final BodySink sink;
    private final HttpResponse.ResponseInfo info;
    private final boolean hasBody;
    private final CompletableFuture<Fetched> done = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    /** @param hasBody false for HEAD, whose headers announce the body of a GET */
    SinkSubscriber(BodySink sink, HttpResponse.ResponseInfo info, boolean hasBody) {
        this.hasBody = hasBody;
        this.sink = sink;
        this.info = info;
    }

    @Override
    public CompletionStage<Fetched> getBody() {
        return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription arrived) {
        subscription = arrived;
        try {
            if (hasBody) {
                sink.head(info.statusCode(), info.headers().map());
            }
            arrived.request(1);
        } catch (Throwable e) {
            stop(arrived, e);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        Flow.Subscription from = subscription;
        if (from == null || done.isDone()) {
            return;
        }
        try {
            for (ByteBuffer buffer : buffers) {
                sink.write(buffer);
            }
            from.request(1);
        } catch (Throwable e) {
            stop(from, e);
        }
    }

    private void stop(Flow.Subscription from, Throwable reason) {
        from.cancel();
        done.completeExceptionally(reason);
    }

    @Override
    public void onError(Throwable failure) {
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        done.complete(new Fetched(info.statusCode(), info.headers().map()));
    }
}
