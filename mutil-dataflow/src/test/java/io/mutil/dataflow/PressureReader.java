package io.mutil.dataflow;

import io.mutil.testkit.Background;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A client of an egress that reads as fast as it can, or hardly, and sees to it that the items of a lane are in order. */
final class PressureReader implements AutoCloseable {
    interface Connector {
        RawPeer connect() throws IOException;
    }

    private static final long[] NO_LANES = new long[0];

    private final Connector connector;
    private final boolean stays;
    private final AtomicLong received = new AtomicLong();
    private final Duration pause;
    private final CountDownLatch hurry = new CountDownLatch(1);
    private volatile RawPeer peer;
    private volatile @Nullable String fault;
    private CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    private long[] last = NO_LANES;

    /**
     * Connects.
     *
     * @param pause how long it waits before it reads the next message
     * @param stays whether it has to get everything from its first item on; another one connects again after each end
     */
    PressureReader(Connector connector, Duration pause, boolean stays) throws IOException {
        this.connector = connector;
        this.pause = pause;
        this.stays = stays;
        this.peer = connector.connect();
    }

    void begin() {
        done = Background.run(this::read);
    }

    private void read() throws IOException, InterruptedException {
        readToEnd();
        while (!stays && hurry.getCount() > 0) {
            peer.close();
            peer = connector.connect();
            readToEnd();
        }
    }

    private void readToEnd() throws IOException, InterruptedException {
        last = NO_LANES;
        try {
            while (true) {
                take(PressureRig.numberOf(peer.next().substring(1)));
                var unused = hurry.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (EOFException | SocketException e) {
            peer.close();
        }
    }

    private void take(long number) {
        received.incrementAndGet();
        if (last.length == 0) {
            last = new long[PressureRig.LANES];
            Arrays.fill(last, -1);
        }
        int lane = PressureRig.laneOf(number);
        if (number <= last[lane]) {
            fault = number + " behind " + last[lane];
        }
        last[lane] = number;
    }

    /** Reads as fast as it can from now on, and goes when the stream ends. */
    void hurry() {
        hurry.countDown();
    }

    /** How many items it got. */
    long received() {
        return received.get();
    }

    /** Waits for the end of the stream. */
    void awaitEnd() throws Exception {
        done.get(60, TimeUnit.SECONDS);
        if (fault != null) {
            throw new AssertionError("out of order or twice: " + fault);
        }
    }

    @Override
    public void close() throws IOException {
        hurry.countDown();
        peer.close();
    }
}
