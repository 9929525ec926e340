package io.mutil.sqlshard;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Does the same on many shards at once, with a few platform threads of its own; a call waits while all are at work. */
final class FanOut implements AutoCloseable {
    private static final int IDLE_SECONDS = 10;

    private final int limit;
    private final Semaphore permits;
    private final ThreadPoolExecutor threads;

    interface Task<R> {
        R on(Shard shard, Cancellation cancellation) throws IOException, InterruptedException;
    }

    FanOut(int limit, ThreadFactory factory) {
        this.limit = limit;
        this.permits = new Semaphore(limit);
        // no longer than the permits
        var queue = new LinkedBlockingQueue<Runnable>();
        this.threads = new ThreadPoolExecutor(limit, limit, IDLE_SECONDS, TimeUnit.SECONDS, queue, factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /** The results, in the order of the shards; the first failure cancels the others, and is thrown when they have ended. */
    <R> List<R> call(List<Shard> shards, Task<R> task) throws IOException, InterruptedException {
        int workers = acquire(Math.min(limit, shards.size()));
        var call = new FanOutCall<>(shards, task, workers);
        for (int i = 0; i < workers; i++) {
            start(call);
        }
        return call.results();
    }

    /** At least one thread, and more if they are idle. */
    private int acquire(int wanted) throws InterruptedException {
        permits.acquire();
        int acquired = 1;
        while (acquired < wanted && permits.tryAcquire()) {
            acquired++;
        }
        return acquired;
    }

    private void start(FanOutCall<?> call) {
        try {
            threads.execute(() -> {
                try {
                    call.run();
                } finally {
                    permits.release();
                }
            });
        } catch (Throwable e) {
            permits.release();
            call.refused(e);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
