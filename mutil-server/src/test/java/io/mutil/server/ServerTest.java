package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.Transport;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.TestTls;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who gets a connection, and what becomes of it. */
class ServerTest {
    private static final Keys OTHER_KEYS = Keys.of("another key of 24 bytes.".getBytes(UTF_8));

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static Socket rawClient(Server server) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.endpoint().port());
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void nobodyGetsInWithoutTheKey(Way way) throws Exception {
        var served = new CompletableFuture<Connection>();
        try (Server server = way.server(served::complete).start()) {
            var builder = Client.builder(server.endpoint(), OTHER_KEYS).transport(way.transport());
            Client.Builder stranger = way.tls() ? builder.tls(TestTls.client()) : builder;

            assertThatThrownBy(stranger::connect)
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageStartingWith("cannot connect to " + server.endpoint() + ": ");

            Eventually.until("the refusal is counted", () -> server.stats().refused() == 1);
            assertThat(server.stats().accepted()).isZero();
            assertThat(served).isNotDone();
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @EnumSource(Handshake.class)
    void everyHandshakeWorksOnEveryWay(Handshake handshake) throws Exception {
        for (Way way : handshake == Handshake.VERSION_2 ? Way.kinds() : Way.betweenOthers()) {
            try (Server server = way.server(ConnectionTest::echo)
                            .handshake(handshake)
                            .start();
                    Connection connection =
                            way.client(server).handshake(handshake).connect()) {
                connection.write(bytes("hello"));

                assertThat(connection.read()).isEqualTo(bytes("hello"));
                assertThat(connection.handshake()).isEqualTo(handshake);
                Way.clean(server.endpoint());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#betweenOthers")
    void bareFramesHaveAPlainEnd(Way way) throws Exception {
        var served = new CompletableFuture<Connection>();
        try (Server server =
                        way.server(served::complete).handshake(Handshake.LEGACY).start();
                Connection connection =
                        way.client(server).handshake(Handshake.LEGACY).connect()) {
            Connection other = served.get(30, TimeUnit.SECONDS);
            other.write(bytes("last"));
            var unused = other.closeAsync(4000, "reason");

            assertThat(connection.read()).isEqualTo(bytes("last"));
            assertThat(connection.read()).isNull();
            CloseReason expected = way.kind().equals("ws")
                    ? new CloseReason(4000, "reason")
                    : new CloseReason(CloseReason.NO_CODE, "");
            assertThat(connection.closeReason()).contains(expected);
            Way.clean(server.endpoint());
        }
    }

    @Test
    void differentHandshakesDoNotMeet() throws Exception {
        try (Server server = Way.tcp().server(c -> {}).start()) {
            assertThatThrownBy(() -> Way.tcp()
                            .client(server)
                            .handshake(Handshake.LEGACY)
                            .handshakeTimeout(ofSeconds(30))
                            .connect())
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot connect to tcp://127.0.0.1:");
        }
    }

    @Test
    void endsThatBothWaitForTheOtherSayWhatFor() throws Exception {
        try (Server server = Way.tcp().server(c -> {}).start()) {
            assertThatThrownBy(() -> Way.tcp()
                            .client(server)
                            .handshake(Handshake.MULTIPROCESSING)
                            .handshakeTimeout(ofMillis(50))
                            .connect())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no handshake within PT0.05S, while this end waited for")
                    .hasMessageContaining("that both ends use the same handshake");
        }
    }

    @Test
    void differentHeaderWidthsDoNotMeet() throws Exception {
        try (Server server =
                Way.tcp().server(c -> {}).format(FrameFormat.littleEndian(8)).start()) {
            assertThatThrownBy(() -> Way.tcp().client(server).connect()).isInstanceOf(AuthenticationException.class);
        }
    }

    @Test
    void addressThatFailsTooOftenIsTurnedAway() throws Exception {
        try (Server server = Way.tcp().server(c -> {}).failedAttempts(2).start()) {
            for (int i = 1; i <= 2; i++) {
                int attempts = i;
                assertThatThrownBy(() -> Client.connect(server.endpoint(), OTHER_KEYS))
                        .isInstanceOf(AuthenticationException.class);
                Eventually.until("counted", () -> server.stats().refused() == attempts);
            }

            assertThatThrownBy(() -> Client.connect(server.endpoint(), Way.KEYS))
                    .isInstanceOf(IOException.class);
            assertThat(server.stats().accepted()).isZero();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Server.builder(Way.KEYS).failedAttempts(-1))
                .withMessageContaining("failedAttempts");
    }

    @Test
    void keysAreReplacedWhileItServes() throws Exception {
        byte[] older = "an old secret of more than sixteen bytes".getBytes(UTF_8);
        byte[] newer = "a new secret of more than sixteen bytes".getBytes(UTF_8);
        Keys oldKey = Keys.builder().add("old", older).build();
        Keys newKey = Keys.builder().add("new", newer).build();
        try (Server server =
                Server.builder(oldKey).onConnection(ConnectionTest::echo).start()) {
            try (Connection early = Client.connect(server.endpoint(), oldKey)) {
                server.replaceKeys(
                        Keys.builder().add("old", older).add("new", newer).build());
                for (Keys either : List.of(oldKey, newKey)) {
                    try (Connection connection = Client.connect(server.endpoint(), either)) {
                        assertThat(connection.keyId()).isEqualTo(either.ids().get(0));
                    }
                }

                server.replaceKeys(newKey);

                assertThatThrownBy(() -> Client.connect(server.endpoint(), oldKey))
                        .isInstanceOf(AuthenticationException.class);
                Client.connect(server.endpoint(), newKey).close();
                early.write(ByteBuffer.allocate(3));
                assertThat(early.read()).isEqualTo(ByteBuffer.allocate(3));
            }
        }
    }

    @Test
    void silentStrangerIsCutOff() throws Exception {
        try (Server server =
                        Way.tcp().server(c -> {}).handshakeTimeout(ofMillis(50)).start();
                Socket silent = rawClient(server)) {
            silent.setSoTimeout(30_000);

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            Eventually.until("counted", () -> server.stats().refused() == 1);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void strangerWhoIsHalfwayInDoesNotHoldUpTheClose(Way way) throws Exception {
        Server server = way.server(c -> {}).handshakeTimeout(ofSeconds(1000)).start();
        if (!way.kind().equals("unix")) {
            try (Socket silent = rawClient(server)) {
                silent.setSoTimeout(30_000);
                var unused = server.closeAsync();
                assertThat(isEnded(silent)).isTrue();
            }
        }
        server.close();
        Way.clean(server.endpoint());
    }

    private static boolean isEnded(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void surplusConnectionIsClosedAtOnce() throws Exception {
        try (Server server =
                Way.tcp().server(ConnectionTest::echo).maxConnections(1).start()) {
            Connection first = Way.tcp().client(server).connect();
            assertThatThrownBy(() -> Way.tcp().client(server).connect()).isInstanceOf(IOException.class);
            Eventually.until("counted", () -> server.stats().refused() == 1);

            first.close();
            Eventually.until("the place is free", () -> server.connections().isEmpty());
            Way.tcp().client(server).connect().close();
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#betweenOthers")
    void strangersWhoSayNothingTakeNoPlace(Way way) throws Exception {
        try (Server server = way.server(ConnectionTest::echo).maxConnections(1).start()) {
            var strangers = new ArrayList<RawPeer>();
            for (int i = 0; i < 3; i++) {
                strangers.add(RawPeer.connect(server));
            }
            try (Connection connection = way.client(server).connect()) {
                connection.write(bytes("x"));
                assertThat(connection.read()).isEqualTo(bytes("x"));
            }
            for (RawPeer stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    void surplusWebSocketIsToldSo() throws Exception {
        var way = new Way("ws", Transport.best(), false);
        try (Server server = way.server(ConnectionTest::echo).maxConnections(1).start();
                Connection first = way.client(server).connect()) {
            assertThat(first.isOpen()).isTrue();
            assertThatThrownBy(() -> way.client(server).connect())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("503");
            assertThat(server.stats().refused()).isEqualTo(1);
        }
    }

    @Test
    void wrongPathIsToldSo() throws Exception {
        var way = new Way("ws", Transport.best(), false);
        try (Server server = way.server(ConnectionTest::echo).start()) {
            Endpoint elsewhere = Endpoint.webSocket(server.endpoint().port(), "/other");
            assertThatThrownBy(() -> way.client(elsewhere).connect())
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot connect to " + elsewhere
                            + ": the server answered 404 Not Found to the handshake; check path and origin");
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void failingHandlerEndsItsConnection(Way way) throws Exception {
        try (Server server = way.server(connection -> {
                            throw new IllegalStateException("planted by a test");
                        })
                        .start();
                Connection connection = way.client(server).connect()) {
            assertThat(connection.read()).isNull();
            assertThat(connection.closeReason())
                    .contains(new CloseReason(CloseReason.INTERNAL_ERROR, "handler failed"));
            Way.clean(server.endpoint());
        }
    }

    @Test
    void connectionWithoutAThreadIsSentAway() throws Exception {
        try (Server server = Way.tcp()
                        .server(c -> {})
                        .executor(task -> {
                            throw new RejectedExecutionException("planted by a test");
                        })
                        .start();
                Connection connection = Way.tcp().client(server).connect()) {
            assertThat(connection.read()).isNull();
            assertThat(connection.closeReason())
                    .contains(new CloseReason(CloseReason.TRY_LATER, "no thread for the connection"));
        }
    }

    @Test
    void handlersRunOnTheExecutorAndMayBlock() throws Exception {
        var names = new CompletableFuture<String>();
        try (Server server = Way.tcp()
                        .server(connection -> {
                            names.complete(Thread.currentThread().getName());
                            ConnectionTest.echo(connection);
                        })
                        .executor(task -> new Thread(task, "mine").start())
                        .start();
                Connection connection = Way.tcp().client(server).connect()) {
            connection.write(bytes("x"));
            assertThat(connection.read()).isEqualTo(bytes("x"));
            assertThat(names.get(30, TimeUnit.SECONDS)).isEqualTo("mine");
        }
    }

    @Test
    void portThatIsTakenIsNamed() throws Exception {
        try (Server server = Way.tcp().server(c -> {}).start()) {
            assertThatThrownBy(() ->
                            Way.tcp().server(c -> {}).listen(server.endpoint()).start())
                    .isInstanceOf(BindException.class)
                    .hasMessageStartingWith("cannot listen on tcp://127.0.0.1:"
                            + server.endpoint().port())
                    .hasMessageContaining("choose another (0 is any free one)");
        }
    }

    @Test
    void serverThatIsNotThereIsNamed() throws Exception {
        Endpoint gone;
        try (Server server = Way.tcp().server(c -> {}).start()) {
            gone = server.endpoint();
        }
        assertThatThrownBy(() -> Client.connect(gone, Way.KEYS))
                .isInstanceOf(ConnectException.class)
                .hasMessageStartingWith("cannot connect to " + gone)
                .hasMessageContaining("check that the server is running");
    }

    @Test
    void hostThatNobodyKnowsIsNamed() {
        assertThatThrownBy(() -> Server.builder(Way.KEYS)
                        .listen(Endpoint.tcp("no such host", 0))
                        .onConnection(c -> {})
                        .start())
                .isInstanceOf(BindException.class)
                .hasMessageContaining("unknown host");
        assertThatThrownBy(() -> Client.connect(Endpoint.tcp("no such host", 1), Way.KEYS))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("unknown host");
    }

    @Test
    void serverListensOnLoopbackUnlessToldOtherwise() throws Exception {
        try (Server server = Server.builder(Way.KEYS).onConnection(c -> {}).start()) {
            assertThat(server.endpoint())
                    .isEqualTo(Endpoint.tcp(server.endpoint().port()));
            assertThat(server.endpoint().port()).isPositive();
        }
        try (Server everywhere = Server.builder(Way.KEYS)
                        .listen(Endpoint.tcp("0.0.0.0", 0))
                        .onConnection(ConnectionTest::echo)
                        .start();
                Connection connection = Client.connect(everywhere.endpoint(), Way.KEYS)) {
            assertThat(everywhere.endpoint())
                    .isEqualTo(Endpoint.tcp("localhost", everywhere.endpoint().port()));
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void choicesThatContradictEachOtherAreRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Server.builder(Way.KEYS).start())
                .withMessageContaining("onConnection");
        assertThatIllegalStateException()
                .isThrownBy(() -> Client.builder(Endpoint.tcp(1), Way.KEYS).start())
                .withMessageContaining("onConnection");
        assertThatIllegalStateException()
                .isThrownBy(() -> Server.builder(Way.KEYS)
                        .onConnection(c -> {})
                        .tls(TestTls.client())
                        .start())
                .withMessageContaining("forServer");
        assertThatIllegalStateException()
                .isThrownBy(() -> Client.builder(Endpoint.tcp(1), Way.KEYS)
                        .tls(TestTls.server())
                        .connect())
                .withMessageContaining("forClient");
    }

    @Test
    void countersTellWhatHappened() throws Exception {
        try (Server server = Way.tcp().server(ConnectionTest::echo).start()) {
            Connection connection = Way.tcp().client(server).connect();
            for (int i = 0; i < 3; i++) {
                connection.write(bytes("abc"));
                connection.read();
            }
            assertThat(connection.stats()).isEqualTo(new Connection.Stats(3, 3, 24, 24, 0, 0));
            assertThat(server.stats().connections()).isEqualTo(1);
            connection.close();
            Eventually.until("gone", () -> server.connections().isEmpty());

            assertThat(server.stats().accepted()).isEqualTo(1);
            assertThat(server.stats().framesIn()).isEqualTo(3);
            assertThat(server.stats().framesOut()).isEqualTo(3);
            assertThat(server.stats().bytesOut()).isEqualTo(24);
            // the client's close frame came, too
            assertThat(server.stats().bytesIn()).isEqualTo(24 + 4 + 1 + 2);
            assertThat(server.stats().closedDead() + server.stats().closedSlow())
                    .isZero();
        }
    }

    @Test
    void loopsOfTheCallerAreNotEnded() throws Exception {
        var loops = Transport.nio().newEventLoopGroup(1, r -> new Thread(r, "mine"));
        var way = new Way("tcp", Transport.nio(), false);
        try (Server server = way.server(ConnectionTest::echo).eventLoops(loops).start();
                Connection connection = way.client(server).eventLoops(loops).connect()) {
            connection.write(bytes("x"));
            assertThat(connection.read()).isEqualTo(bytes("x"));
        }
        assertThat(loops.isShuttingDown()).isFalse();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void aThousandConnectionsLeaveNothingBehind(Way way) throws Exception {
        int count = way.tls() ? 100 : 1000;
        var loops = way.transport().newEventLoopGroup(1, r -> new Thread(r, "clients"));
        try (Server server =
                way.server(ConnectionTest::echo).handshakeTimeout(ofSeconds(30)).start()) {
            for (int batch = 0; batch < count / 50; batch++) {
                var connecting = new ArrayList<CompletableFuture<Connection>>();
                for (int i = 0; i < 50; i++) {
                    connecting.add(way.client(server)
                            .handshakeTimeout(ofSeconds(30))
                            .eventLoops(loops)
                            .connectAsync());
                }
                for (CompletableFuture<Connection> each : connecting) {
                    Connection connection = each.get(30, TimeUnit.SECONDS);
                    connection.write(bytes("x"));
                    assertThat(connection.read()).isEqualTo(bytes("x"));
                    connection.close();
                }
            }
            Eventually.until("all gone", () -> server.connections().isEmpty());
            assertThat(server.stats().accepted()).isEqualTo(count);
            Way.clean(server.endpoint());
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }
}
