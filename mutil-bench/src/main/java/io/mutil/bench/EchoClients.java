package io.mutil.bench;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The feed and the two readers of an echo topology. Used by one thread. */
final class EchoClients implements AutoCloseable {
    /** Numbers per message when the rate matters. */
    static final int ARRAY = Numbers.BATCH;

    static final int SINGLES_PER_SECOND = 1000;

    private static final long SINGLES_PERIOD = SECONDS.toNanos(1) / SINGLES_PER_SECOND;
    private static final long GIVE_UP_AFTER = SECONDS.toNanos(10);
    private static final long POLL_PERIOD = MILLISECONDS.toNanos(1);

    private final Reader odd = new Reader(true);
    private final Reader even = new Reader(false);
    private final WebSocket oddSocket;
    private final WebSocket evenSocket;
    private final WebSocket feed;
    private long next = Numbers.FIRST;

    /** @param addresses ingress, odd egress, even egress */
    EchoClients(List<URI> addresses) throws IOException, InterruptedException {
        oddSocket = connect(addresses.get(1), odd);
        evenSocket = connect(addresses.get(2), even);
        feed = connect(addresses.get(0), new WebSocketListener() {});
    }

    private static WebSocket connect(URI uri, WebSocketListener listener) throws IOException, InterruptedException {
        return WebSocketClient.builder(uri, listener).connect();
    }

    /** Sends arrays for so long, as fast as the topology takes them, and waits for the last number. */
    Outcome sendArrays(Duration duration) throws IOException, InterruptedException {
        var array = new NumberArray(ARRAY);
        long first = next;
        expect(first, null);
        long start = System.nanoTime();
        do {
            feed.send(array.from(next));
            next += ARRAY;
        } while (System.nanoTime() - start < duration.toNanos());
        return outcome(first, start);
    }

    /** Sends single numbers for so long, each when it is due and not earlier, and waits for the last one. */
    Outcome sendSingles(Duration duration, Latencies latencies) throws IOException, InterruptedException {
        int count = (int) (duration.toNanos() / SINGLES_PERIOD);
        long first = next;
        long start = System.nanoTime();
        latencies.expect(first, count, start, SINGLES_PERIOD);
        expect(first, latencies);
        for (int i = 0; i < count; i++) {
            waitUntil(start + i * SINGLES_PERIOD);
            feed.send(Long.toString(next++));
        }
        return outcome(first, start);
    }

    private static void waitUntil(long due) {
        long wait;
        while ((wait = due - System.nanoTime()) > 0) {
            LockSupport.parkNanos(wait);
        }
    }

    private void expect(long first, @Nullable Latencies latencies) {
        odd.expect(first, latencies);
        even.expect(first, latencies);
    }

    private Outcome outcome(long first, long start) {
        long sent = next - first;
        awaitReaders(sent);
        long end = Math.max(odd.lastArrival(), even.lastArrival());
        double seconds = Math.max(1, end - start) / 1e9;
        Checklist oddList = odd.checklist();
        Checklist evenList = even.checklist();
        return new Outcome(
                sent,
                oddList.missing(next) + evenList.missing(next),
                oddList.twice() + evenList.twice(),
                oddList.misplaced(next) + evenList.misplaced(next),
                odd.received() + even.received(),
                seconds);
    }

    /** Waits until as many numbers came as were sent, or none for a long time. */
    private void awaitReaders(long sent) {
        long progressAt = System.nanoTime();
        long before = -1;
        long received;
        while ((received = odd.received() + even.received()) < sent && System.nanoTime() - progressAt < GIVE_UP_AFTER) {
            if (received != before) {
                before = received;
                progressAt = System.nanoTime();
            }
            LockSupport.parkNanos(POLL_PERIOD);
        }
    }

    @Override
    public void close() {
        feed.close();
        oddSocket.close();
        evenSocket.close();
    }
}
