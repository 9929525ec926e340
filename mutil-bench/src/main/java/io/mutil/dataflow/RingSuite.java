package io.mutil.dataflow;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jctools.queues.SpscArrayQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The ring under every edge, against other bounded queues of 1024 items. One operation is an item passed.
 *
 * <p>With one thread, a burst of half the capacity is offered, then polled: the cost of the instructions alone. With
 * two, one thread offers while the other polls, and who finds the queue full or empty yields.
 *
 * <p>It is in this package because the ring is not public.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RingSuite {
    private static final int CAPACITY = 1024;
    private static final int BURST = CAPACITY / 2;
    private static final int ITEMS = 1000 * BURST;
    private static final Long ITEM = 1_000_000L;

    /** Threads that use the queue. */
    @Param({"1", "2"})
    public int threads;

    private final Ring<Long> ring = new Ring<>(CAPACITY);
    private final Queue<Long> jctools = new SpscArrayQueue<>(CAPACITY);
    private final Queue<Long> blocking = new ArrayBlockingQueue<>(CAPACITY);
    private @Nullable ExecutorService producer;

    /** For JMH. */
    public RingSuite() {}

    /** Starts the second thread. */
    @Setup
    public void start() {
        producer = Executors.newSingleThreadExecutor();
    }

    /** Ends the second thread. */
    @TearDown
    public void close() {
        if (producer != null) {
            producer.shutdownNow();
        }
    }

    /** Our ring, with the counters that every edge has. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public long mutil() throws InterruptedException, ExecutionException {
        return checked(threads == 1 ? bursts(ring::offer, ring::poll) : handOver(ring::offer, ring::poll));
    }

    /** {@code SpscArrayQueue} of JCTools. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public long jctools() throws InterruptedException, ExecutionException {
        return checked(threads == 1 ? bursts(jctools::offer, jctools::poll) : handOver(jctools::offer, jctools::poll));
    }

    /** {@code ArrayBlockingQueue} of the JDK. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public long arrayBlockingQueue() throws InterruptedException, ExecutionException {
        return checked(
                threads == 1 ? bursts(blocking::offer, blocking::poll) : handOver(blocking::offer, blocking::poll));
    }

    private static long bursts(Predicate<Long> offer, Supplier<@Nullable Long> poll) {
        long sum = 0;
        for (int done = 0; done < ITEMS; done += BURST) {
            for (int i = 0; i < BURST; i++) {
                if (!offer.test(ITEM)) {
                    throw new IllegalStateException("no room for half of the capacity");
                }
            }
            for (int i = 0; i < BURST; i++) {
                Long item = poll.get();
                sum += item == null ? 0 : item;
            }
        }
        return sum;
    }

    @SuppressWarnings("ThreadPriorityCheck") // to yield is what is measured
    private long handOver(Predicate<Long> offer, Supplier<@Nullable Long> poll)
            throws InterruptedException, ExecutionException {
        if (producer == null) {
            throw new IllegalStateException("not started");
        }
        Future<?> offered = producer.submit(() -> offerAll(offer));
        long sum = 0;
        for (int taken = 0; taken < ITEMS; ) {
            Long item = poll.get();
            if (item == null) {
                Thread.yield();
            } else {
                sum += item;
                taken++;
            }
        }
        offered.get();
        return sum;
    }

    @SuppressWarnings("ThreadPriorityCheck") // to yield is what is measured
    private static void offerAll(Predicate<Long> offer) {
        for (int i = 0; i < ITEMS; i++) {
            while (!offer.test(ITEM)) {
                Thread.yield();
            }
        }
    }

    private static long checked(long sum) {
        if (sum != ITEM * ITEMS) {
            throw new IllegalStateException("items were lost, sum " + sum + " instead of " + ITEM * ITEMS);
        }
        return sum;
    }
}
