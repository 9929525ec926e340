package io.mutil.bench.fanout;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** A contestant that has just been started, with its clients, all of whom get messages. Used by one thread. */
final class Scene implements AutoCloseable {
    /** Long enough for five thousand slow deliveries. */
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(500);

    private final Proxy proxy;
    private final Crowd crowd;
    private final Feed feed;

    private Scene(Proxy proxy, Crowd crowd, Feed feed) {
        this.proxy = proxy;
        this.crowd = crowd;
        this.feed = feed;
    }

    /** @param idlers how many of the clients stop to read when all have got a first message */
    static Scene open(Contestant contestant, Sockets sockets, FanoutOptions options, Traffic traffic, int idlers)
            throws IOException, InterruptedException {
        Proxy proxy = contestant.start(sockets, traffic, options.heap());
        var crowd = new Crowd(sockets);
        try {
            int window = options.window() > 0 ? options.window() : contestant.window(traffic);
            var feed = new Feed(proxy.inlet(), crowd, traffic, window);
            crowd.connect(proxy, traffic, idlers);
            var scene = new Scene(proxy, crowd, feed);
            scene.awaitMessages();
            crowd.stall();
            return scene;
        } catch (IOException | RuntimeException | InterruptedException e) {
            proxy.close();
            crowd.close();
            throw e;
        }
    }

    /** Returns when every client has got a message. */
    void awaitMessages() throws IOException {
        feed.probe(BETWEEN_PROBES);
    }

    Proxy proxy() {
        return proxy;
    }

    Crowd crowd() {
        return crowd;
    }

    Feed feed() {
        return feed;
    }

    /** What is wrong with what the clients got of all that was sent; empty if nothing is. */
    String faults() {
        long missing = crowd.missing(feed.sent());
        if (missing == 0 && crowd.faults() == 0 && crowd.ended() == 0) {
            return "";
        }
        return String.format(
                Locale.ROOT, "%,d lost, %,d not in order, %,d clients closed", missing, crowd.faults(), crowd.ended());
    }

    /** The process first, so that the ends that wait for the peer are not the driver's. */
    @Override
    public void close() {
        proxy.close();
        crowd.close();
    }
}
