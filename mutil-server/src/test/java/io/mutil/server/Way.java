package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.codec.Transport;
import io.mutil.testkit.TestTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A way for frames to travel: an endpoint, a transport, and TLS or none. */
record Way(String kind, Transport transport, boolean tls) {
    static final byte[] KEY = "a test key of 24 bytes..".getBytes(UTF_8);
    static final Keys KEYS = Keys.of(KEY);

    /** Every way that there is on this machine. */
    static List<Way> all() {
        return Transport.available().stream().flatMap(Way::all).toList();
    }

    private static Stream<Way> all(Transport transport) {
        return Stream.of(
                new Way("tcp", transport, false),
                new Way("tcp", transport, true),
                new Way("unix", transport, false),
                new Way("ws", transport, false),
                new Way("ws", transport, true));
    }

    /** One of each kind, on the best transport. */
    static List<Way> kinds() {
        return all(Transport.best()).toList();
    }

    /** Those on which the old handshakes work within one process: on a Unix socket it would take itself for a thief. */
    static List<Way> betweenOthers() {
        return kinds().stream().filter(way -> !way.kind().equals("unix")).toList();
    }

    /** Those without a layer between frames and socket. */
    static List<Way> plain() {
        return Stream.of("tcp", "unix")
                .map(kind -> new Way(kind, Transport.best(), false))
                .toList();
    }

    static Way tcp() {
        return new Way("tcp", Transport.best(), false);
    }

    /** Without a layer between frames and socket. */
    boolean isPlain() {
        return !tls && !kind.equals("ws");
    }

    Endpoint endpoint() throws Exception {
        return switch (kind) {
            case "unix" -> Endpoint.unix(Files.createTempDirectory("mutil").resolve("s"));
            case "ws" -> Endpoint.webSocket(0, "/frames");
            default -> Endpoint.tcp(0);
        };
    }

    Server.Builder server(ConnectionHandler handler) throws Exception {
        var builder = Server.builder(KEYS)
                .listen(endpoint())
                .transport(transport)
                .drainTimeout(java.time.Duration.ofSeconds(30))
                .onConnection(handler);
        return tls ? builder.tls(TestTls.server()) : builder;
    }

    Client.Builder client(Server server) {
        return client(server.endpoint());
    }

    Client.Builder client(Endpoint endpoint) {
        return client(endpoint, KEYS);
    }

    Client.Builder client(Endpoint endpoint, Keys keys) {
        var builder =
                Client.builder(endpoint, keys).transport(transport).drainTimeout(java.time.Duration.ofSeconds(30));
        return tls ? builder.tls(TestTls.client()) : builder;
    }

    /** Removes what an endpoint left on the disk. */
    static void clean(Endpoint endpoint) throws IOException {
        if (endpoint instanceof Endpoint.Unix unix) {
            Path directory = unix.path().getParent();
            Files.deleteIfExists(unix.path());
            Files.deleteIfExists(directory);
        }
    }

    @Override
    public String toString() {
        return kind + (tls ? "+tls" : "") + " on " + transport.name();
    }
}
