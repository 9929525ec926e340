package io.mutil.dataflow;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** What the parts of one running topology share. */
final class FlowContext {
    private final Executor executor;
    private final Executor spare;
    private final FlowTimer timer;
    private final Queue<Supplier<CompletableFuture<Void>>> resources = new ConcurrentLinkedQueue<>();
    private final LongAdder lost = new LongAdder();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final CompletableFuture<Void> fatal = new CompletableFuture<>();
    private volatile boolean aborted;

    /** @param spare see {@link #spare()} */
    FlowContext(Executor executor, Executor spare, FlowTimer timer) {
        this.executor = executor;
        this.spare = spare;
        this.timer = timer;
    }

    Executor executor() {
        return executor;
    }

    /**
     * Runs what others may wait for on all threads of {@link #executor()}: a task that goes on after it was stalled, or that
     * passes on what came from a process.
     */
    Executor spare() {
        return spare;
    }

    /** Has something closed when the topology has ended. */
    void onEnd(Supplier<CompletableFuture<Void>> close) {
        resources.add(close);
    }

    /** Closes what {@link #onEnd} was told of. */
    List<CompletableFuture<Void>> closeResources() {
        return resources.stream().map(Supplier::get).toList();
    }

    /** Ends the threads that only this topology needs. */
    void close() {
        timer.close();
        if (spare instanceof ExecutorService threads) {
            threads.shutdown();
        }
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
