package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.internal.BlockingThreads;
import io.mutil.server.WebSocketClient;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An upstream that is a WebSocket server. See {@link Upstream} for an example.
 *
 * <p>Immutable: each method makes a new one.
 */
public final class WebSocketUpstream implements Upstream {
    private final URI uri;
    private final UnaryOperator<WebSocketClient.Builder> client;
    private final @Nullable ConnectHook onConnect;
    private final SubscriptionFormat format;
    private final boolean ofProxy;

    /** What to say and to hear before the stream begins, such as a login. */
    @FunctionalInterface
    public interface ConnectHook {
        /** May block; called on a thread for that. An exception ends the connection, and the next attempt follows. */
        void exchange(Conversation service) throws Exception;
    }

    WebSocketUpstream(
            URI uri,
            UnaryOperator<WebSocketClient.Builder> client,
            @Nullable ConnectHook onConnect,
            SubscriptionFormat format,
            boolean ofProxy) {
        this.uri = uri;
        this.client = client;
        this.onConnect = onConnect;
        this.format = format;
        this.ofProxy = ofProxy;
        // a bad URI is told now, and not when it is connected to
        var unused = WebSocketClient.builder(uri, new UpstreamSession(format, ofProxy));
    }

    /**
     * Chooses options of the connection: headers, TLS, limits, times, proxies. Transport and event loops are the proxy's; larger
     * messages than 16 MiB have to be allowed here.
     */
    public WebSocketUpstream client(UnaryOperator<WebSocketClient.Builder> options) {
        UnaryOperator<WebSocketClient.Builder> before = client;
        return new WebSocketUpstream(uri, builder -> options.apply(before.apply(builder)), onConnect, format, ofProxy);
    }

    /** What to say and to hear before the stream begins. Default nothing. */
    public WebSocketUpstream onConnect(ConnectHook hook) {
        return new WebSocketUpstream(uri, client, requireNonNull(hook, "hook"), format, ofProxy);
    }

    /** How to ask for keys. Default {@link SubscriptionFormat#none}. */
    public WebSocketUpstream subscriptions(SubscriptionFormat format) {
        return new WebSocketUpstream(uri, client, onConnect, requireNonNull(format, "format"), ofProxy);
    }

    @Override
    public CompletableFuture<? extends UpstreamConnection> connectAsync(UpstreamReceiver receiver) {
        var session = new UpstreamSession(format, ofProxy);
        var connecting = client.apply(WebSocketClient.builder(uri, session))
                .transport(receiver.transport())
                .eventLoops(receiver.eventLoops())
                .connectAsync();
        var result = new CompletableFuture<UpstreamConnection>();
        onFailure(result, () -> {
            connecting.cancel(false);
            session.abandon();
        });
        var unused = connecting
                .thenAccept(socket -> begin(session, receiver, result))
                .whenComplete((v, e) -> completeIf(e, result));
        return result;
    }

    private static void onFailure(CompletableFuture<?> future, Runnable action) {
        var unused = future.whenComplete((value, e) -> {
            if (e != null) {
                action.run();
            }
        });
    }

    private void begin(
            UpstreamSession session, UpstreamReceiver receiver, CompletableFuture<UpstreamConnection> result) {
        ConnectHook hook = onConnect;
        if (hook == null) {
            session.begin(receiver, result);
        } else {
            BlockingThreads.shared().execute(() -> converse(hook, session, receiver, result));
        }
    }

    private static void completeIf(@Nullable Throwable failure, CompletableFuture<?> result) {
        if (failure != null) {
            result.completeExceptionally(failure);
        }
    }

    private static void converse(
            ConnectHook hook,
            UpstreamSession session,
            UpstreamReceiver receiver,
            CompletableFuture<UpstreamConnection> result) {
        try {
            hook.exchange(session);
            session.begin(receiver, result);
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    @Override
    public String toString() {
        return (ofProxy ? "proxy at " : "upstream at ") + uri.getScheme() + "://" + uri.getAuthority();
    }
}
