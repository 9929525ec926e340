package io.mutil.wproxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.mutil.server.Backoff;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Proxies that lose no time, and none of their messages. */
final class Quick {
    static final Backoff BACKOFF = new Backoff(ofMillis(1), ofMillis(20), ofSeconds(30));

    private Quick() {}

    /** For callbacks that have to wait. */
    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What an author of an upstream may give by mistake. */
    @SuppressWarnings("NullAway")
    static CompletableFuture<Void> nothing() {
        return null;
    }

    static WProxy.Builder proxy(Upstream upstream) {
        return WProxy.builder(upstream)
                .backoff(BACKOFF)
                .debounce(ofMillis(1))
                .linger(ofMillis(1))
                .slowPolicy(SlowPolicy.CLOSE)
                .queueLimits(new QueueLimits(256 << 20, 1_000_000, ofSeconds(60)))
                .server(server -> server.drainTimeout(ofSeconds(1)));
    }

    /** Of a service that wants differences, as {@code + ["A"]} and {@code - ["A"]}. */
    static SubscriptionFormat differences() {
        return SubscriptionFormat.differences(keys -> "+ " + keys, keys -> "- " + keys);
    }

    static WebSocketUpstream upstream(ScriptedUpstream service) {
        return Upstream.webSocket(service.uri()).subscriptions(differences());
    }
}
