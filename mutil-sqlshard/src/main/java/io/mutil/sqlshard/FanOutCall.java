package io.mutil.sqlshard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** One task for many shards; every worker takes the next shard until none is left. */
final class FanOutCall<R> implements Runnable {
    private static final int CANCEL_AGAIN_MILLIS = 10;

    private final List<Shard> shards;
    private final FanOut.Task<R> task;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReferenceArray<R> results;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Cancellation cancellation = new Cancellation();
    private final CountDownLatch working;

    FanOutCall(List<Shard> shards, FanOut.Task<R> task, int workers) {
        this.shards = shards;
        this.task = task;
        this.results = new AtomicReferenceArray<>(shards.size());
        this.working = new CountDownLatch(workers);
    }

    @Override
    public void run() {
        try {
            for (int i = next.getAndIncrement(); i < shards.size(); i = next.getAndIncrement()) {
                cancellation.check();
                results.set(i, task.on(shards.get(i), cancellation));
            }
        } catch (Throwable e) {
            fail(e);
        } finally {
            working.countDown();
        }
    }

    /** A worker cannot begin. */
    void refused(Throwable e) {
        boolean closed = e instanceof RejectedExecutionException;
        fail(closed ? new IllegalStateException("store is closed; open it again", e) : e);
        working.countDown();
    }

    private void fail(Throwable e) {
        if (failure.compareAndSet(null, e)) {
            cancellation.cancel();
        }
    }

    List<R> results() throws IOException, InterruptedException {
        if (awaitEnd()) {
            throw new InterruptedException("interrupted while the shards were at work");
        }
        Throwable first = failure.get();
        if (first != null) {
            throw Handoff.rethrown(first);
        }
        List<R> all = new ArrayList<>();
        for (int i = 0; i < shards.size(); i++) {
            all.add(results.get(i));
        }
        return all;
    }

    /** Whether it was interrupted; waits for the workers even then, as they run what belongs to the caller. */
    private boolean awaitEnd() {
        boolean interrupted = false;
        while (true) {
            try {
                if (working.await(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                    return interrupted;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (interrupted || cancellation.isCancelled()) {
                cancellation.cancel();
            }
        }
    }
}
