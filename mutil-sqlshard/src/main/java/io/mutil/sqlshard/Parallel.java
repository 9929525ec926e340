package io.mutil.sqlshard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Long work on all shards at a time, as many as there are processors; its threads end with it. */
final class Parallel {
    private Parallel() {}

    interface Work<R> {
        R on(Shard shard) throws IOException, InterruptedException;
    }

    /** The results in the order of the shards; after the first failure nothing more is begun, and all has ended. */
    static <R> List<R> each(List<Shard> shards, ThreadFactory factory, Work<R> work)
            throws IOException, InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(processors, shards.size()), factory);
        try {
            List<Future<R>> begun = new ArrayList<>();
            for (Shard shard : shards) {
                begun.add(threads.submit(() -> work.on(shard)));
            }
            return results(begun);
        } finally {
            threads.shutdownNow();
            // so that nothing is still at work on files that the caller goes on to delete
            Uninterrupted.run(() -> threads.awaitTermination(1, TimeUnit.DAYS));
        }
    }

    private static <R> List<R> results(List<Future<R>> begun) throws IOException, InterruptedException {
        List<R> results = new ArrayList<>();
        for (Future<R> each : begun) {
            results.add(Handoff.result(each));
        }
        return results;
    }
}
