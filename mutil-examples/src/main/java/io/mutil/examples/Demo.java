package io.mutil.examples;

import io.mutil.dataflow.RunningDataflow;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A feed and two readers, so that a newcomer sees numbers pass. */
final class Demo implements AutoCloseable {
    private static final int NUMBERS_PER_MESSAGE = 5;
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration REFRESH = Duration.ofMillis(500);

    private final Reader odd;
    private final Reader even;
    private final WebSocket feed;
    private long next;
    private String lastSent = "";

    private Demo(Reader odd, Reader even, WebSocket feed) {
        this.odd = odd;
        this.even = even;
        this.feed = feed;
    }

    static Demo start(RunningDataflow running) throws IOException, InterruptedException {
        var odd = new Reader();
        var even = new Reader();
        var unusedOdd = WebSocketClient.builder(running.uri("odd"), odd).connect();
        var unusedEven = WebSocketClient.builder(running.uri("even"), even).connect();
        WebSocket feed = WebSocketClient.builder(running.uri("in"), new WebSocketListener() {})
                .connect();
        return new Demo(odd, even, feed);
    }

    /** Feeds and shows until the topology ends. */
    void show(RunningDataflow running, StatusLine line) throws IOException, InterruptedException, ExecutionException {
        long refreshed = System.nanoTime();
        long shown = 0;
        while (feed.isOpen() && !running.await(PAUSE)) {
            send();
            long now = System.nanoTime();
            if (now - refreshed >= REFRESH.toNanos()) {
                long received = odd.count() + even.count();
                line.show(describe((received - shown) * 1e9 / (now - refreshed)));
                refreshed = now;
                shown = received;
            }
        }
        running.await();
    }

    private void send() throws IOException, InterruptedException {
        lastSent = LongStream.range(next, next + NUMBERS_PER_MESSAGE)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(",", "[", "]"));
        next += NUMBERS_PER_MESSAGE;
        try {
            feed.send(lastSent);
        } catch (IOException e) {
            // The topology is closing; its end ends the loop.
            if (feed.isOpen()) {
                throw e;
            }
        }
    }

    private String describe(double perSecond) {
        return String.format(
                Locale.ROOT,
                "in %s -> odd %s (%,d)  even %s (%,d)  %,.0f numbers/s",
                lastSent,
                odd.last,
                odd.count(),
                even.last,
                even.count(),
                perSecond);
    }

    @Override
    public void close() {
        feed.close();
    }

    /** Counts what it hears. */
    private static final class Reader implements WebSocketListener {
        private final LongAdder count = new LongAdder();
        private volatile String last = "-";

        @Override
        public void onText(WebSocket socket, String text) {
            last = text.substring(text.lastIndexOf(',') + 1).replaceAll("[\\[\\]]", "");
            count.add(text.chars().filter(c -> c == ',').count() + 1);
        }

        long count() {
            return count.sum();
        }
    }
}
