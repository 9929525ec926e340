package io.mutil.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The contest's topology with what the JDK offers: 64 workers and 2 sinks, each a platform thread of a fixed pool that
 * takes from an {@link ArrayBlockingQueue} of its own. The caller deals items out in turn; a worker puts its result
 * into the odd queue or the even one, so a filter costs nothing at the receiver here either. A worker's queue holds 1024
 * items, a sink's 65,536, which is what our 64 edges into a sink hold together.
 */
final class ExecutorFlow {
    private final Tally odd = new Tally();
    private final Tally even = new Tally();
    private final List<BlockingQueue<Long>> inputs = new ArrayList<>();
    private final BlockingQueue<Long> oddQueue = new ArrayBlockingQueue<>(DataflowSuite.WORKERS * DataflowSuite.EDGE);
    private final BlockingQueue<Long> evenQueue = new ArrayBlockingQueue<>(DataflowSuite.WORKERS * DataflowSuite.EDGE);
    private final ExecutorService threads =
            Executors.newFixedThreadPool(DataflowSuite.WORKERS + 2, ExecutorFlow::daemon);
    private volatile long perSink;
    private volatile CountDownLatch open = new CountDownLatch(0);

    void start() {
        for (int i = 0; i < DataflowSuite.WORKERS; i++) {
            var input = new ArrayBlockingQueue<Long>(DataflowSuite.EDGE);
            inputs.add(input);
            threads.execute(() -> work(input));
        }
        threads.execute(() -> sink(oddQueue, odd));
        threads.execute(() -> sink(evenQueue, even));
    }

    void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("worker threads do not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void pass(int items) throws InterruptedException {
        odd.reset();
        even.reset();
        var done = new CountDownLatch(2);
        open = done;
        perSink = items / 2;
        int turn = 0;
        for (var source = new Items(items); source.hasNext(); ) {
            inputs.get(turn).put(source.next());
            turn = turn + 1 == DataflowSuite.WORKERS ? 0 : turn + 1;
        }
        done.await();
        Tally.requireAll(items, odd, even);
    }

    private void work(BlockingQueue<Long> input) {
        try {
            while (true) {
                Long result = input.take() + 1;
                (Items.isOdd(result) ? oddQueue : evenQueue).put(result);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sink(BlockingQueue<Long> queue, Tally tally) {
        try {
            while (true) {
                tally.add(queue.take());
                if (tally.count() == perSink) {
                    open.countDown();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable task) {
        var thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
