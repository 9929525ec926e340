package io.mutil.dataflow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/** What the parts of one running topology share. */
final class FlowContext {
    private final Executor executor;
    private final FlowTimer timer;
    private final LongAdder lost = new LongAdder();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final CompletableFuture<Void> fatal = new CompletableFuture<>();
    private volatile boolean aborted;

    FlowContext(Executor executor, FlowTimer timer) {
        this.executor = executor;
        this.timer = timer;
    }

    Executor executor() {
        return executor;
    }

    FlowTimer timer() {
        return timer;
    }

    /** True once what is queued is to be thrown away instead of processed. */
    boolean isAborted() {
        return aborted;
    }

    void abort() {
        aborted = true;
    }

    void countLost(long items) {
        lost.add(items);
    }

    long lost() {
        return lost.sum();
    }

    /** Keeps the reason why the topology ends; what is queued is still processed. */
    void endBecause(Throwable reason) {
        // What breaks after the end has been forced is a consequence, not a reason.
        if (!aborted) {
            failure.completeExceptionally(reason);
        }
    }

    /** Ends the topology at once, because one of its parts cannot go on. */
    void fail(Throwable reason) {
        endBecause(reason);
        fatal.complete(null);
    }

    /** Fails with the first reason; never completes otherwise. */
    CompletableFuture<Void> failure() {
        return failure;
    }

    /** Completes when the topology cannot go on. */
    CompletableFuture<Void> fatal() {
        return fatal;
    }
}
