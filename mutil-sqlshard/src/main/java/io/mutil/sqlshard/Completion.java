package io.mutil.sqlshard;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * Completes the futures of a group in an executor, and so runs callbacks of strangers. Never in the thread that serves the queue,
 * as they may wait for what that has to write.
 */
final class Completion implements Runnable {
    private final List<Write<?>> futures;
    /** Set while it is handed over; only that thread itself can find itself here. */
    private volatile @Nullable Thread serving;

    Completion(List<Write<?>> futures) {
        this.futures = futures;
    }

    /** Hands it over; to the common pool of the JVM if the executor refuses it, or fails. */
    void runIn(Executor executor) {
        serving = Thread.currentThread();
        try {
            executor.execute(this);
        } catch (Throwable e) {
            runInCommonPool();
        } finally {
            serving = null;
        }
    }

    @Override
    public void run() {
        if (serving == Thread.currentThread()) {
            runInCommonPool();
        } else {
            end();
        }
    }

    private void runInCommonPool() {
        try {
            ForkJoinPool.commonPool().execute(this::end);
        } catch (Throwable e) {
            // no thread can be made: better here than never
            end();
        }
    }

    /** Does no harm if it has been done. */
    private void end() {
        futures.forEach(Write::end);
    }
}
