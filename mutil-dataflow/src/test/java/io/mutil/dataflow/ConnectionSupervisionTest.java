package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.JsonCodec;
import io.mutil.server.Client;
import io.mutil.server.CloseReason;
import io.mutil.server.Connection;
import io.mutil.server.Endpoint;
import io.mutil.server.Server;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketListener;
import io.mutil.server.WebSocketServer;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ConnectionSupervisionTest {
    private static final JsonCodec<Long> LONGS = JsonCodec.of(Long.class);
    private static final Duration HOUR = Duration.ofHours(1);

    /** The levels that connect. */
    private enum Kind {
        WEB_SOCKET_INGRESS,
        WEB_SOCKET_EGRESS,
        FRAMED_INGRESS,
        FRAMED_EGRESS;

        Dataflow connecting(int port, Supervision supervision) {
            URI uri = URI.create("ws://127.0.0.1:" + port + "/?key=secret");
            Endpoint endpoint = Endpoint.tcp("127.0.0.1", port);
            return switch (this) {
                case WEB_SOCKET_INGRESS ->
                    into(WebSocketIngress.connect(uri, LONGS).named("net").supervise(supervision));
                case FRAMED_INGRESS ->
                    into(FramedIngress.connect(endpoint, FramedPeer.KEYS, LONGS)
                            .named("net")
                            .supervise(supervision));
                case WEB_SOCKET_EGRESS ->
                    from(WebSocketEgress.<Long>connect(uri, LONGS).named("net").supervise(supervision));
                case FRAMED_EGRESS ->
                    from(FramedEgress.<Long>connect(endpoint, FramedPeer.KEYS, LONGS)
                            .named("net")
                            .supervise(supervision));
            };
        }

        private static Dataflow into(Ingress<Long> ingress) {
            return Dataflow.named("connecting")
                    .from(ingress)
                    .to(Egress.<Long>into(n -> {}))
                    .build();
        }

        private static Dataflow from(Egress<Long> egress) {
            return Dataflow.named("connecting")
                    .from(WebSocketIngress.listen("127.0.0.1", 0, LONGS))
                    .to(egress)
                    .build();
        }

        Remote remote() throws IOException {
            return name().startsWith("FRAMED") ? Remote.framed() : Remote.webSocket();
        }
    }

    /** What ends a connection. */
    private interface Drop {
        void run() throws Exception;
    }

    /** A server that can end the connections it gets. */
    private record Remote(int port, BlockingQueue<Drop> connections, Runnable stop) implements AutoCloseable {
        static Remote webSocket() throws IOException {
            var connections = new LinkedBlockingQueue<Drop>();
            WebSocketServer server = WebSocketServer.builder(new WebSocketListener() {
                        @Override
                        public void onOpen(WebSocket socket) {
                            connections.add(() -> socket.closeAsync(CloseReason.TRY_LATER, "dropped")
                                    .get(30, TimeUnit.SECONDS));
                        }
                    })
                    .start();
            return new Remote(server.uri().getPort(), connections, server::close);
        }

        static Remote framed() throws IOException {
            var connections = new LinkedBlockingQueue<Drop>();
            Server server = Server.builder(FramedPeer.KEYS.open())
                    .listen(Endpoint.tcp(0))
                    .onConnection(connection -> connections.add(() -> drop(connection)))
                    .start();
            return new Remote(server.endpoint().port(), connections, server::close);
        }

        private static void drop(Connection connection) throws Exception {
            connection.closeAsync(CloseReason.TRY_LATER, "dropped").get(30, TimeUnit.SECONDS);
        }

        void dropNext() throws Exception {
            Drop next = connections.poll(30, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no connection within 30 seconds");
            }
            next.run();
        }

        @Override
        public void close() {
            stop.run();
        }
    }

    private static Supervision soon() {
        return Supervision.restart().backoff(Duration.ofMillis(1), Duration.ofMillis(1));
    }

    private static LevelStats net(RunningDataflow running) {
        return Flows.level(running, "net");
    }

    @ParameterizedTest
    @EnumSource
    void stopEndsTheTopologyWithTheConnection(Kind kind) throws Exception {
        try (Remote remote = kind.remote();
                RunningDataflow running =
                        kind.connecting(remote.port(), Supervision.stop()).start()) {
            remote.dropNext();

            assertThatThrownBy(running::await)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .hasMessageContaining("the connection of 'net' to ")
                    .hasMessageContaining("127.0.0.1:" + remote.port())
                    .hasMessageEndingWith(
                            " ended (1013 dropped), which ends the topology," + " since its supervision is to stop")
                    .hasMessageNotContaining("secret");
        }
    }

    @ParameterizedTest
    @EnumSource
    void stopEndsTheTopologyWhenNoConnectionCanBeMade(Kind kind) throws Exception {
        int free;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = taken.getLocalPort();
        }
        try (RunningDataflow running = kind.connecting(free, Supervision.stop()).start()) {
            assertThatThrownBy(running::await)
                    .cause()
                    .hasMessageContaining("'net' could not connect to ")
                    .hasMessageContaining("127.0.0.1:" + free)
                    .hasMessageNotContaining("secret")
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    @ParameterizedTest
    @EnumSource
    void restartConnectsAgainUntilItsLimit(Kind kind) throws Exception {
        try (Remote remote = kind.remote();
                RunningDataflow running =
                        kind.connecting(remote.port(), soon().atMost(2, HOUR)).start()) {
            remote.dropNext();
            Eventually.until("again", () -> net(running).restarts() == 1);
            remote.dropNext();
            Eventually.until(
                    "again", () -> net(running).restarts() == 2 && net(running).connections() == 1);
            remote.dropNext();

            assertThatThrownBy(running::await)
                    .cause()
                    .hasMessageContaining("1013 dropped")
                    .hasMessageEndingWith("since it was restarted 2 times within PT1H");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfTheTopologyIsNoFailure(Kind kind) throws Exception {
        try (Remote remote = kind.remote();
                RunningDataflow running =
                        kind.connecting(remote.port(), Supervision.stop()).start()) {
            Eventually.until("connected", () -> net(running).connections() == 1);
            running.closeAsync().get(30, TimeUnit.SECONDS);

            assertThat(running.await(Duration.ZERO)).isTrue();
            assertThat(net(running).restarts()).isZero();
        }
    }

    @Test
    void skipConnectsForEver() throws Exception {
        try (Remote remote = Remote.webSocket();
                RunningDataflow running = Dataflow.named("patient")
                        .from(WebSocketIngress.connect(URI.create("ws://127.0.0.1:" + remote.port() + "/"), LONGS)
                                .named("net")
                                .client(client -> client.backoff(Flows.quick())))
                        .to(Egress.<Long>into(n -> {}))
                        .build()
                        .start()) {
            for (int i = 0; i < 10; i++) {
                remote.dropNext();
            }
            Eventually.until("again", () -> net(running).restarts() == 10);
            assertThat(running.await(Duration.ZERO)).isFalse();
        }
    }

    @Test
    void attemptsThatFailDoNotCountAgainstALimit(@TempDir Path directory) throws Exception {
        Endpoint endpoint = Endpoint.unix(directory.resolve("late"));
        Dataflow flow = Dataflow.named("early")
                .from(FramedIngress.connect(endpoint, FramedPeer.KEYS, LONGS)
                        .named("net")
                        .supervise(soon().atMost(1, HOUR)))
                .to(Egress.<Long>into(n -> {}))
                .build();
        try (var log = LogLines.of(Client.class, Level.FINE);
                RunningDataflow running = flow.start()) {
            Eventually.until(
                    "it tried often",
                    () -> log.at(Level.FINE).stream()
                                    .filter(line -> line.endsWith("will try again"))
                                    .count()
                            > 3);
            try (var server = Server.builder(FramedPeer.KEYS.open())
                    .listen(endpoint)
                    .onConnection(connection -> {})
                    .start()) {
                Eventually.until("connected", () -> net(running).connections() == 1);
                assertThat(server.endpoint()).isEqualTo(endpoint);
            }
        }
    }

    @Test
    void aLevelThatListensHasNoSupervision() {
        var webSocket = WebSocketEgress.<Long>listen("127.0.0.1", 0, LONGS);
        var framed = FramedIngress.listen(Endpoint.tcp(0), FramedPeer.KEYS, LONGS);

        assertThatThrownBy(() -> webSocket.supervise(Supervision.stop()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its clients come and go");
        assertThatThrownBy(() -> framed.supervise(Supervision.restart()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its clients come and go");
    }
}
