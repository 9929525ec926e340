package io.mutil.bench;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The contest's topology on an LMAX Disruptor, as its users would build it.
 *
 * <pre>
 *   caller -> ring of 65,536 slots -> 2 worker handlers -> odd handler
 *                                                       -> even handler
 * </pre>
 *
 * <p>A handler is a thread that spins or blocks, so a handler for each of 64 workers is out of the question on a small
 * machine; two threads share the 64 workers as ours do: slot {@code n} belongs to worker {@code n mod 64}, and thread
 * {@code n mod 2} runs it. (Disruptor 4 has no WorkerPool any more.) Worker results stay in the slot. A handler cannot
 * subscribe to some slots only, so both sinks look at each slot and skip what is not theirs. The ring has as many slots
 * as our 64 edges into the workers have together.
 */
final class DisruptorFlow {
    private static final int THREADS = 2;

    private final Tally odd = new Tally();
    private final Tally even = new Tally();
    private final Disruptor<Slot> disruptor;
    private volatile long last;
    private volatile CountDownLatch open = new CountDownLatch(0);

    static DisruptorFlow blocking() {
        return new DisruptorFlow(new BlockingWaitStrategy());
    }

    static DisruptorFlow yielding() {
        return new DisruptorFlow(new YieldingWaitStrategy());
    }

    private DisruptorFlow(WaitStrategy waiting) {
        disruptor = new Disruptor<>(
                Slot::new,
                DataflowSuite.WORKERS * DataflowSuite.EDGE,
                DaemonThreadFactory.INSTANCE,
                ProducerType.SINGLE,
                waiting);
        disruptor
                .handleEventsWith(workers(0), workers(1))
                .then(sink(odd, Items::isOdd), sink(even, n -> !Items.isOdd(n)));
    }

    void start() {
        disruptor.start();
    }

    void close() {
        disruptor.halt();
    }

    void pass(int items) throws InterruptedException {
        odd.reset();
        even.reset();
        RingBuffer<Slot> ring = disruptor.getRingBuffer();
        var done = new CountDownLatch(2);
        open = done;
        last = ring.getCursor() + items;
        for (var source = new Items(items); source.hasNext(); ) {
            long sequence = ring.next();
            ring.get(sequence).item = source.next();
            ring.publish(sequence);
        }
        done.await();
        Tally.requireAll(items, odd, even);
    }

    private static EventHandler<Slot> workers(int thread) {
        return (slot, sequence, endOfBatch) -> {
            if (sequence % THREADS == thread) {
                slot.result = require(slot.item) + 1;
            }
        };
    }

    private EventHandler<Slot> sink(Tally tally, LongPredicate filter) {
        return (slot, sequence, endOfBatch) -> {
            long result = require(slot.result);
            if (filter.test(result)) {
                tally.add(result);
            }
            if (sequence == last) {
                open.countDown();
            }
        };
    }

    private static Long require(@Nullable Long value) {
        if (value == null) {
            throw new IllegalStateException("a slot was read before it was written");
        }
        return value;
    }

    private static final class Slot {
        private @Nullable Long item;
        private @Nullable Long result;
    }
}
