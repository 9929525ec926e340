package io.mutil.dataflow;

import static java.lang.System.Logger.Level.DEBUG;
import static java.util.Objects.requireNonNull;

import io.mutil.codec.Codec;
import io.mutil.server.CloseReason;
import io.mutil.server.Connection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The running form of {@link FramedIngress}: its connections go to its lanes in turn. */
final class OpenFramedIngress<T> implements OpenIngress, NetworkEnd.Level {
    private static final System.Logger LOG = System.getLogger(OpenFramedIngress.class.getName());

    private final Codec<T> codec;
    private final Failures<T> failures;
    private final List<IngressLane<T>> lanes;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private @Nullable NetworkEnd network;

    OpenFramedIngress(Codec<T> codec, Failures<T> failures, List<IngressLane<T>> lanes) {
        this.codec = codec;
        this.failures = failures;
        this.lanes = lanes;
    }

    /** Says where the connections come from. */
    void over(NetworkEnd network) {
        this.network = network;
    }

    /** Takes a connection over; called by any thread. */
    void accept(Connection connection) {
        connections.incrementAndGet();
        var unusedEnd = connection.closed().thenRun(connections::decrementAndGet);
        IngressLane<T> lane = lanes.get(Math.floorMod(next.getAndIncrement(), lanes.size()));
        String from = String.valueOf(connection.remoteAddress());
        var feed =
                new FrameFeed<>(from, connection, codec, lane, failures, failure -> ended(connection, lane, failure));
        lane.loop().execute(() -> {
            if (!feed.open()) {
                var unused = connection.closeAsync(CloseReason.GOING_AWAY, "closing");
            }
        });
    }

    private void ended(Connection connection, IngressLane<T> lane, @Nullable Throwable failure) {
        if (failure != null) {
            String why = "broke: " + failure.getMessage();
            // At the end of the topology the connections are closed here, which is no news.
            if (lane.isStopped()) {
                LOG.log(DEBUG, () -> connection + " " + why);
            } else {
                failures.addBroken(String.valueOf(connection), why + "; what it had not delivered is lost");
            }
        }
        var unused = connection.closeAsync();
    }

    @Override
    public void begin() {
        lanes.forEach(IngressLane::begin);
    }

    @Override
    public void stop() {
        network().outages().stop();
        lanes.forEach(IngressLane::stop);
    }

    @Override
    public long failures() {
        return failures.count();
    }

    @Override
    public int connections() {
        return connections.get();
    }

    @Override
    public NetworkEnd network() {
        return requireNonNull(network);
    }
}
