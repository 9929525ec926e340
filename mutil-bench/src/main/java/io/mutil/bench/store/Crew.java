package io.mutil.bench.store;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that begin at the same time. */
final class Crew {
    private static final double NANOS = 1e9;

    private Crew() {}

    /** What each thread does. */
    interface Work {
        void run(Share share) throws IOException, SQLException, InterruptedException;
    }

    /** Seconds from the moment all threads are there until the last one is done. */
    static double seconds(int threads, Work work) throws IOException, InterruptedException {
        var begin = new long[1];
        var barrier = new CyclicBarrier(threads, () -> begin[0] = System.nanoTime());
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int part = 0; part < threads; part++) {
                var share = new Share(part, threads);
                all.add(executor.submit(() -> {
                    barrier.await();
                    work.run(share);
                    return null;
                }));
            }
            await(all);
            return (System.nanoTime() - begin[0]) / NANOS;
        } finally {
            executor.shutdownNow();
        }
    }

    private static void await(List<Future<?>> all) throws IOException, InterruptedException {
        for (Future<?> each : all) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new IOException("a thread failed: " + e.getCause(), e.getCause());
            }
        }
    }
}
