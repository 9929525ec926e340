package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.server.Client;
import io.mutil.server.Connection;
import io.mutil.server.Endpoint;
import io.mutil.server.Keys;
import io.mutil.server.Server;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** How a level gets its framed connections: it listens, or it connects and connects again. */
final class FramedNetwork {
    private final Endpoint endpoint;
    private final KeySource keySource;
    private final boolean listens;
    private final Setups<Server.Builder> server;
    private final Setups<Client.Builder> client;

    FramedNetwork(Endpoint endpoint, KeySource keySource, boolean listens) {
        this.endpoint = requireNonNull(endpoint, "endpoint");
        this.keySource = requireNonNull(keySource, "keys");
        this.listens = listens;
        this.server = Setups.ofServer(listens);
        this.client = Setups.ofClient(!listens);
    }

    boolean listens() {
        return listens;
    }

    Setups<Server.Builder> server() {
        return server;
    }

    Setups<Client.Builder> client() {
        return client;
    }

    /** @param onConnection called for each connection, on any thread */
    NetworkEnd start(Consumer<Connection> onConnection, Outages outages, FlowLoops loops, EventLoopGroup group)
            throws IOException {
        Keys keys = keySource.open();
        try {
            return listens
                    ? startServer(keys, onConnection, outages, loops, group)
                    : startClient(keys, onConnection, outages, loops, group);
        } catch (IOException | RuntimeException | Error e) {
            keys.close();
            throw e;
        }
    }

    private NetworkEnd startServer(
            Keys keys, Consumer<Connection> onConnection, Outages outages, FlowLoops loops, EventLoopGroup group)
            throws IOException {
        var options = Server.builder(keys).drainTimeout(loops.drainTimeout());
        server.applyTo(options);
        Server started = options.listen(endpoint)
                .onConnection(onConnection::accept)
                .transport(loops.transport())
                .eventLoops(group)
                .start();
        return new NetworkEnd(uri(started.endpoint()), outages, () -> closing(started.closeAsync(), keys));
    }

    private NetworkEnd startClient(
            Keys keys, Consumer<Connection> onConnection, Outages outages, FlowLoops loops, EventLoopGroup group) {
        var options = Client.builder(endpoint, keys).drainTimeout(loops.drainTimeout());
        if (outages.backoff() != null) {
            options.backoff(outages.backoff());
        }
        client.applyTo(options);
        Client started = options.onConnection(connection -> {
                    watch(connection, outages);
                    onConnection.accept(connection);
                })
                .onFailedAttempt(why -> outages.failed(endpoint.toString(), why))
                .transport(loops.transport())
                .eventLoops(group)
                .start();
        return new NetworkEnd(null, outages, () -> closing(started.closeAsync(), keys));
    }

    private void watch(Connection connection, Outages outages) {
        outages.connected();
        var unused = connection.closed().thenAccept(why -> outages.ended(endpoint.toString(), why));
    }

    private static CompletableFuture<Void> closing(CompletableFuture<Void> end, Keys keys) {
        return end.whenComplete((none, failure) -> keys.close());
    }

    private static URI uri(Endpoint endpoint) {
        return endpoint instanceof Endpoint.Unix unix
                ? unix(unix.path().toAbsolutePath().toString())
                : URI.create(endpoint.toString());
    }

    private static URI unix(String path) {
        try {
            return new URI("unix", null, path, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no URI for the Unix socket " + path, e);
        }
    }

    @Override
    public String toString() {
        return (listens ? "frames, listening on " : "frames, connecting to ") + endpoint;
    }
}
