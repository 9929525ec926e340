package io.mutil.dataflow;

import io.mutil.codec.JsonCodec;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A topology that is fed at full speed over both networks, and has over each of them a client that reads as fast as it can and
 * one that hardly reads.
 */
final class PressureRig implements AutoCloseable {
    /** An item has a feed and a key: those that share both keep their order. */
    static final int LANES = 14;

    static final int ITEM_BYTES = 1000;
    private static final List<Way> WAYS = List.of(Way.WEB_SOCKET, Way.FRAMED);
    private static final JsonCodec<String> TEXTS = JsonCodec.of(String.class);
    private static final String PADDING = " " + "x".repeat(ITEM_BYTES);

    private final RunningDataflow running;
    private final List<RawPeer> feeds = new ArrayList<>();
    private final List<PressureReader> fast = new ArrayList<>();
    private final List<PressureReader> slow = new ArrayList<>();
    private final AtomicLong sent = new AtomicLong();

    /** @param pause how long those that hardly read wait before the next message */
    PressureRig(SlowReader policy, int queueBytes, Duration pause) throws IOException {
        Dataflow.Levels<String> flow = Dataflow.named("pressure")
                .from(Ingress.merge(
                        Way.WEB_SOCKET.ingress(TEXTS).named("in-" + Way.WEB_SOCKET),
                        Way.FRAMED.ingress(TEXTS).named("in-" + Way.FRAMED)))
                .through(Workers.<String, String>of((text, out) -> out.send(text))
                        .howMany(4)
                        .routeBy(text -> laneOf(numberOf(text)))
                        .edge(Edge.blocking(64)));
        running = flow.to(egress(Way.WEB_SOCKET, policy, queueBytes))
                .to(egress(Way.FRAMED, policy, queueBytes))
                .build()
                .start();
        for (Way way : WAYS) {
            feeds.add(way.connect(running.uri("in-" + way)));
            PressureReader.Connector connector = () -> way.connect(running.uri("out-" + way));
            fast.add(new PressureReader(connector, Duration.ZERO, true));
            slow.add(new PressureReader(connector, pause, policy != SlowReader.DISCONNECT));
        }
    }

    private static Egress<String> egress(Way way, SlowReader policy, int queueBytes) {
        return way.egress(TEXTS, policy, queueBytes).named("out-" + way).edge(Edge.blocking(64));
    }

    static long numberOf(String text) {
        return Long.parseLong(text.substring(0, text.indexOf(' ')));
    }

    static int laneOf(long number) {
        return (int) Math.floorMod(number, (long) LANES);
    }

    /** Has every client read. */
    void begin() {
        for (Way way : WAYS) {
            Eventually.until(
                    "they are sent what comes",
                    () -> Flows.level(running, "out-" + way).connections() == 2);
        }
        all().forEach(PressureReader::begin);
    }

    private List<PressureReader> all() {
        List<PressureReader> all = new ArrayList<>(fast);
        all.addAll(slow);
        return all;
    }

    /**
     * Feeds over both networks while there is more.
     *
     * @param window how far it may be ahead of those that read fast
     */
    List<CompletableFuture<Void>> feed(BooleanSupplier more, long window) {
        List<CompletableFuture<Void>> feeding = new ArrayList<>();
        for (int i = 0; i < feeds.size(); i++) {
            int parity = i;
            feeding.add(Background.run(() -> feed(parity, more, window)));
        }
        return feeding;
    }

    private void feed(int parity, BooleanSupplier more, long window) throws IOException {
        for (long n = parity; more.getAsBoolean(); n += feeds.size()) {
            while (sent() - leastFast() >= window) {
                LockSupport.parkNanos(20_000);
            }
            feeds.get(parity).send('"' + Long.toString(n) + PADDING + '"');
            sent.incrementAndGet();
        }
    }

    private long leastFast() {
        return Math.min(fast.get(0).received(), fast.get(1).received());
    }

    long sent() {
        return sent.get();
    }

    List<PressureReader> fast() {
        return fast;
    }

    List<PressureReader> slow() {
        return slow;
    }

    /** How many items the egress of {@code slow().get(i)} has discarded. */
    long discarded(int i) {
        return Flows.level(running, "out-" + WAYS.get(i)).discarded();
    }

    RunningDataflow running() {
        return running;
    }

    /** When those who read fast have all: lets the others read to the end of the topology. */
    DataflowStats end() throws Exception {
        for (RawPeer feed : feeds) {
            feed.close();
        }
        all().forEach(PressureReader::hurry);
        CompletableFuture<Void> end = running.closeAsync();
        for (PressureReader reader : all()) {
            reader.awaitEnd();
        }
        end.get(60, TimeUnit.SECONDS);
        return running.stats();
    }

    @Override
    public void close() throws IOException {
        for (PressureReader reader : all()) {
            reader.close();
        }
        for (RawPeer feed : feeds) {
            feed.close();
        }
        running.close();
    }
}
