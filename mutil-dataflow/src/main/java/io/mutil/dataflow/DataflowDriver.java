package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Runs a topology step by step in a test: no thread, no socket, no real time. The same items and steps give the same
 * results, always. Workers that have processes of their own run here as well.
 *
 * <p>Ingress and egresses are replaced, so nothing listens or connects: items come from {@link #feed}, and what reaches an
 * egress, behind its filter, is kept for {@link #read}. Everything in between is what runs in production: edges with their
 * bounds, routing, ticks, supervision. After each step everything has been processed that can be; a worker that waits to be
 * started again waits until {@link #advance} has let enough time pass. A sender that finds an edge full lets its receiver
 * run, or, if that waits for something, time pass.
 *
 * <pre>{@code
 * try (DataflowDriver driver = DataflowDriver.of(flow)) {
 *     driver.feed(1L);
 *     driver.feed(2L);
 *     driver.advance(Duration.ofMillis(250));
 *     assertEquals(List.of(2L), driver.read("odd"));
 * }
 * }</pre>
 *
 * <p>For one thread.
 */
public final class DataflowDriver implements AutoCloseable {
    private static final int MAX_SENDERS = 1 << 14;
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final int MAX_STEPS = 3600;

    private final SimulatedTime time = new SimulatedTime();
    private final FedIngress<Object> ingress;
    private final Map<String, List<Object>> outputs = new LinkedHashMap<>();
    private final RunningDataflow running;

    private DataflowDriver(Dataflow flow, int senders) {
        ingress = new FedIngress<>(flow.ingress().name(), senders);
        List<EgressLevel<?>> egresses = new ArrayList<>();
        flow.egresses().forEach(egress -> egresses.add(collected(egress)));
        Dataflow simulated = flow.between(ingress, egresses);
        try {
            running = new Assembly(simulated, time, time, time, Transport.nio(), 1, Duration.ofSeconds(10)).start();
        } catch (IOException e) {
            throw new UncheckedIOException("nothing here does input or output", e);
        }
    }

    private <T> EgressLevel<T> collected(EgressLevel<T> egress) {
        List<Object> output = new ArrayList<>();
        outputs.put(egress.name(), output);
        return egress.into(new SinkEgress<>(output::add));
    }

    /**
     * Starts the workers of a topology whose items come from one sender.
     *
     * @throws IllegalStateException if a worker's start hook failed
     */
    public static DataflowDriver of(Dataflow flow) {
        return of(flow, 1);
    }

    /**
     * Starts the workers of a topology whose items come from several senders, as clients or pipes.
     *
     * @param senders 1 to 16384
     * @throws IllegalStateException if a worker's start hook failed
     */
    public static DataflowDriver of(Dataflow flow, int senders) {
        if (senders < 1 || senders > MAX_SENDERS) {
            throw new IllegalArgumentException("senders must be 1 to " + MAX_SENDERS + ", was " + senders);
        }
        return new DataflowDriver(requireNonNull(flow, "flow"), senders);
    }

    /**
     * Lets an item in, and everything happen that comes of it now.
     *
     * @param item of the type that the ingress gives
     * @throws EdgeFullException if the edge into the first level is full and was told to fail
     * @throws IllegalStateException if the topology has ended
     */
    public void feed(Object item) {
        feed(0, item);
    }

    /**
     * Lets an item of one of several senders in.
     *
     * @param sender from 0
     */
    public void feed(int sender, Object item) {
        requireRunning();
        ingress.feed(sender, item);
        time.run();
    }

    /** Lets time pass: ticks come, and workers that failed start again. */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not run backwards, was " + duration);
        }
        time.advance(duration);
    }

    /**
     * What has reached an egress since it was last asked for, in order.
     *
     * @param egress its name
     * @throws IllegalArgumentException if there is no egress of that name
     */
    public List<Object> read(String egress) {
        List<Object> output = outputs.get(egress);
        if (output == null) {
            throw new IllegalArgumentException("no egress '" + egress + "'; there are " + outputs.keySet());
        }
        List<Object> read = List.copyOf(output);
        output.clear();
        return read;
    }

    /** Counters and gauges of every level and edge. */
    public DataflowStats stats() {
        return running.stats();
    }

    private void requireRunning() {
        try {
            if (running.await(Duration.ZERO)) {
                throw new IllegalStateException(running + " takes no more items");
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(running + " takes no more items, because it failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Lets nothing more in, and the topology end in order; what comes of that can still be read. */
    @Override
    public void close() {
        var end = running.closeAsync();
        // a worker that waits to be started again has items to finish
        for (int i = 0; i < MAX_STEPS && !end.isDone(); i++) {
            time.advance(STEP);
        }
    }
}
