package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import io.mutil.server.WebSocketServer;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** How a level gets its WebSocket connections: it listens, or it connects and connects again. */
final class SocketNetwork {
    private final String host;
    private final int port;
    private final @Nullable URI remote;
    private final Setups<WebSocketServer.Builder> server;
    private final Setups<WebSocketClient.Builder> client;

    private SocketNetwork(String host, int port, @Nullable URI remote) {
        this.host = requireNonNull(host, "host");
        this.port = port;
        this.remote = remote;
        this.server = Setups.ofServer(remote == null);
        this.client = Setups.ofClient(remote != null);
    }

    static SocketNetwork listen(String host, int port) {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
        }
        return new SocketNetwork(host, port, null);
    }

    static SocketNetwork connect(URI uri) {
        // refuses a bad URI now and not when the topology starts
        var unused = WebSocketClient.builder(uri, new WebSocketListener() {});
        return new SocketNetwork("", 0, uri);
    }

    boolean listens() {
        return remote == null;
    }

    Setups<WebSocketServer.Builder> server() {
        return server;
    }

    Setups<WebSocketClient.Builder> client() {
        return client;
    }

    NetworkEnd start(WebSocketListener listener, Outages outages, FlowLoops loops, EventLoopGroup group)
            throws IOException {
        return remote == null
                ? startServer(listener, outages, loops, group)
                : startClient(remote, listener, outages, loops, group);
    }

    private NetworkEnd startServer(WebSocketListener listener, Outages outages, FlowLoops loops, EventLoopGroup group)
            throws IOException {
        var options = WebSocketServer.builder(listener).drainTimeout(loops.drainTimeout());
        server.applyTo(options);
        WebSocketServer started = options.host(host)
                .port(port)
                .transport(loops.transport())
                .eventLoops(group)
                .start();
        return new NetworkEnd(started.uri(), outages, started::closeAsync);
    }

    private NetworkEnd startClient(
            URI uri, WebSocketListener listener, Outages outages, FlowLoops loops, EventLoopGroup group) {
        String address = address(uri);
        var options = WebSocketClient.builder(uri, new WatchedSockets(listener, outages, address))
                .drainTimeout(loops.drainTimeout());
        if (outages.backoff() != null) {
            options.backoff(outages.backoff());
        }
        client.applyTo(options);
        WebSocketClient started = options.onFailedAttempt(why -> outages.failed(address, why))
                .transport(loops.transport())
                .eventLoops(group)
                .start();
        return new NetworkEnd(null, outages, started::closeAsync);
    }

    @Override
    public String toString() {
        return remote == null
                ? "WebSockets, listening on ws://" + host + ":" + port + "/"
                : "a WebSocket, connecting to " + address(remote);
    }

    /** Without its query, which may hold a secret. */
    private static String address(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }
}
