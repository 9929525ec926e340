package io.mutil.wproxy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where the messages come from: something that can be connected to, again and again.
 *
 * <p>The proxy has one connection at a time. When it ends, the proxy waits, connects anew and asks for all keys again; an
 * upstream only has to make single connections.
 *
 * <pre>{@code
 * Upstream feed = Upstream.webSocket(URI.create("wss://feed.example.com/stream"))
 *         .onConnect(service -> service.send(login))
 *         .subscriptions(SubscriptionFormat.differences(
 *                 keys -> "{\"action\":\"subscribe\",\"trades\":" + keys + "}",
 *                 keys -> "{\"action\":\"unsubscribe\",\"trades\":" + keys + "}"));
 * }</pre>
 */
@FunctionalInterface
public interface Upstream {
    /**
     * Makes one connection.
     *
     * @param receiver gets what comes
     * @return completes when the stream may begin, or fails; the proxy cancels it after its time-out for connecting and when
     *     it is closed, and then nothing of the attempt may be left
     */
    CompletableFuture<? extends UpstreamConnection> connectAsync(UpstreamReceiver receiver);

    /**
     * An upstream that is a WebSocket server.
     *
     * @param uri of scheme {@code ws} or {@code wss}
     * @throws IllegalArgumentException if it is not such a URI
     */
    static WebSocketUpstream webSocket(URI uri) {
        return new WebSocketUpstream(uri, builder -> builder, null, SubscriptionFormat.none(), false);
    }

    /**
     * An upstream that is another proxy of this kind, so that a tree of them serves more clients than one could. Its limits
     * are those of one client there: raise them for this one.
     *
     * <p>What the other one says about itself is not passed on, but what it had to leave out is. The two are told from the
     * feed by their form: a message of the feed that is an object with the one member {@code gap}, or that begins as an
     * object whose first member is {@code error} while a command has no answer yet, is taken for one of these.
     */
    static WebSocketUpstream proxy(URI uri) {
        return new WebSocketUpstream(uri, builder -> builder, null, new ProxyTalk.Format(), true);
    }

    /**
     * Several upstreams that have the same to offer. They are tried in this order, starting behind the one that was
     * connected or tried last. Each has the whole {@link WProxy.Builder#connectTimeout}, and the proxy waits only when it has
     * tried all of them.
     *
     * <p>One call of {@link #connectAsync} tries one of them, the next. So an upstream of one's own that is made of this one
     * is tried once for each {@link WProxy.Builder#backoff wait}.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Upstream failover(List<? extends Upstream> upstreams) {
        return new FailoverUpstream(upstreams);
    }

    /**
     * An upstream that plays what {@link WProxy.Builder#record} has recorded, at the speed that it had.
     *
     * @throws IOException if there is no such file, or it is no recording that this program can read
     */
    static ReplayUpstream replay(Path file) throws IOException {
        return ReplayUpstream.of(file, Pace.REAL);
    }
}
