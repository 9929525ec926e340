package io.mutil.wproxy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Several upstreams of which one at a time is used. */
final class FailoverUpstream implements Upstream {
    private final List<Upstream> upstreams;
    private final AtomicInteger next = new AtomicInteger();

    FailoverUpstream(List<? extends Upstream> upstreams) {
        this.upstreams = List.copyOf(upstreams);
        if (this.upstreams.isEmpty()) {
            throw new IllegalArgumentException("failover needs at least one upstream");
        }
    }

    @Override
    public CompletableFuture<? extends UpstreamConnection> connectAsync(UpstreamReceiver receiver) {
        var result = new CompletableFuture<UpstreamConnection>();
        tryNext(receiver, upstreams.size(), result);
        return result;
    }

    private void tryNext(UpstreamReceiver receiver, int left, CompletableFuture<UpstreamConnection> result) {
        Upstream upstream = upstreams.get(next.getAndUpdate(n -> (n + 1) % upstreams.size()));
        CompletableFuture<? extends UpstreamConnection> attempt = connect(upstream, receiver);
        onDone(result, () -> attempt.cancel(false));
        onDone(attempt, () -> {
            if (!attempt.isCompletedExceptionally()) {
                accept(attempt.join(), result);
            } else if (left > 1 && !result.isDone()) {
                tryNext(receiver, left - 1, result);
            } else {
                fail(attempt, result);
            }
        });
    }

    private static CompletableFuture<? extends UpstreamConnection> connect(
            Upstream upstream, UpstreamReceiver receiver) {
        try {
            return upstream.connectAsync(receiver);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void onDone(CompletableFuture<?> future, Runnable action) {
        var unused = future.handle((value, e) -> null).thenRun(action);
    }

    private static void accept(UpstreamConnection connection, CompletableFuture<UpstreamConnection> result) {
        if (!result.complete(connection)) {
            var unused = connection.closeAsync();
        }
    }

    private static void fail(CompletableFuture<?> attempt, CompletableFuture<UpstreamConnection> result) {
        var unused = attempt.whenComplete((value, e) -> result.completeExceptionally(cause(e)));
    }

    private static Throwable cause(Throwable e) {
        return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    }

    @Override
    public String toString() {
        return "one of " + upstreams;
    }
}
