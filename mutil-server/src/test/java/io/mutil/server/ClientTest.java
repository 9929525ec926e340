package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Transport;
import io.mutil.testkit.Eventually;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client that comes back by itself, and attempts that are given up. */
class ClientTest {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final AtomicInteger delays = new AtomicInteger();

    private String next() throws InterruptedException {
        return String.valueOf(events.poll(30, TimeUnit.SECONDS));
    }

    private void follow(Connection connection) throws Exception {
        events.add("open");
        for (ByteBuffer frame = connection.read(); frame != null; frame = connection.read()) {
            events.add(UTF_8.decode(frame).toString());
        }
        events.add("end " + connection.closeReason().orElseThrow());
    }

    private Client.Builder client(Way way, Endpoint endpoint) {
        return way.client(endpoint)
                .onConnection(this::follow)
                .backoff(new Backoff(ofMillis(10), ofMillis(10), ofSeconds(30)))
                .random(() -> {
                    delays.incrementAndGet();
                    return 0.9;
                });
    }

    private static void greet(Connection connection) throws Exception {
        connection.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void comesBackWhenTheServerIsRestarted(Way way) throws Exception {
        Server first = way.server(ClientTest::greet).start();
        Endpoint endpoint = first.endpoint();
        try (Client client = client(way, endpoint).start()) {
            assertThat(next()).isEqualTo("open");
            assertThat(next()).isEqualTo("hello");
            first.close();
            assertThat(next()).isEqualTo("end 1001 server shuts down");

            try (Server second = way.server(ClientTest::greet).listen(endpoint).start()) {
                assertThat(next()).isEqualTo("open");
                assertThat(next()).isEqualTo("hello");
                Eventually.until("it is there", () -> client.connection().isPresent());
                assertThat(client.stats().connects()).isEqualTo(2);
                assertThat(client.stats().framesIn()).isEqualTo(2);
                assertThat(delays).hasPositiveValue();
                assertThat(client).hasToString("Client[" + endpoint + ", connected]");

                client.closeAsync().get(30, TimeUnit.SECONDS);

                assertThat(client.connection()).isEmpty();
                assertThat(client.stats().connected()).isFalse();
                Eventually.until("gone", () -> second.connections().isEmpty());
            }
        }
        Way.clean(endpoint);
    }

    @Test
    void closesWhileItWaitsForTheNextAttempt() throws Exception {
        Server server = Way.tcp().server(ClientTest::greet).start();
        Client client = client(Way.tcp(), server.endpoint())
                .backoff(new Backoff(ofSeconds(1000), ofSeconds(1000), ofSeconds(30)))
                .start();
        assertThat(next()).isEqualTo("open");
        assertThat(next()).isEqualTo("hello");
        server.close();
        assertThat(next()).startsWith("end 1001");

        client.closeAsync().get(30, TimeUnit.SECONDS);
        client.close();

        assertThat(client.stats().connects()).isEqualTo(1);
    }

    @Test
    void nextConnectionIsMadeWithTheKeysOfThen() throws Exception {
        Keys newKey = Keys.builder()
                .add("new", "a new secret of more than sixteen bytes".getBytes(UTF_8))
                .build();
        Way way = Way.tcp();
        try (Server server = way.server(connection -> {}).start();
                Client client = way.client(server)
                        .backoff(new Backoff(ofMillis(1), ofMillis(1), ofMillis(1)))
                        .onConnection(connection -> {})
                        .start()) {
            Eventually.until("connected", () -> client.connection().isPresent());
            server.replaceKeys(newKey);
            client.replaceKeys(newKey);
            client.connection().orElseThrow().close();

            Eventually.until(
                    "connected with the new key",
                    () -> client.connection()
                            .filter(connection -> connection.keyId().equals("new"))
                            .isPresent());
        }
    }

    @Test
    void closesWhileItConnects() throws Exception {
        try (var silent = new ServerSocket(0)) {
            Client client =
                    client(Way.tcp(), Endpoint.tcp(silent.getLocalPort())).start();
            try (var accepted = silent.accept()) {
                client.close();
                assertThat(accepted.isConnected()).isTrue();
            }
        }
        assertThat(events).isEmpty();
    }

    @Test
    void failingHandlerLeadsToTheNextConnection() throws Exception {
        try (Server server = Way.tcp().server(ClientTest::greet).start();
                Client client = client(Way.tcp(), server.endpoint())
                        .onConnection(connection -> {
                            events.add("open");
                            throw new IllegalStateException("planted by a test");
                        })
                        .start()) {
            assertThat(next()).isEqualTo("open");
            assertThat(next()).isEqualTo("open");
            assertThat(client.stats().connects()).isGreaterThan(1);
        }
    }

    @Test
    void wrongKeyIsTriedAgainLaterAndCounted() throws Exception {
        Keys others = Keys.of("another key of 24 bytes.".getBytes(UTF_8));
        try (Server server = Way.tcp().server(ClientTest::greet).start();
                Client client = Client.builder(server.endpoint(), others)
                        .onConnection(this::follow)
                        .backoff(new Backoff(ofMillis(10), ofMillis(10), ofSeconds(30)))
                        .start()) {
            Eventually.until("some failures", () -> client.stats().failures() > 2);
            assertThat(client.stats().connects()).isZero();
            assertThat(server.stats().accepted()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#betweenOthers")
    void attemptOnASilentServerHasADeadline(Way way) throws Exception {
        try (var silent = new ServerSocket(0)) {
            Endpoint endpoint = way.kind().equals("ws")
                    ? Endpoint.webSocket(silent.getLocalPort(), "/")
                    : Endpoint.tcp(silent.getLocalPort());
            assertThatThrownBy(() ->
                            way.client(endpoint).handshakeTimeout(ofMillis(50)).connect())
                    .isInstanceOf(java.io.IOException.class)
                    .hasMessageStartingWith("cannot connect to " + endpoint)
                    .hasMessageContaining("PT0.05S");
        }
    }

    @Test
    void lookUpOfTheHostHoldsNothingUp() throws Exception {
        var lookUps = new LinkedBlockingQueue<Runnable>();
        try (Server server = Way.tcp().server(ClientTest::greet).start()) {
            Client.Builder builder = Client.builder(
                            Endpoint.tcp("localhost", server.endpoint().port()), Way.KEYS)
                    .executor(lookUps::add);
            CompletableFuture<Connection> attempt = builder.connectAsync();
            Runnable lookUp = requireNonNull(lookUps.poll(30, TimeUnit.SECONDS));
            assertThat(server.stats().accepted()).isZero();

            lookUp.run();

            try (Connection connection = attempt.get(30, TimeUnit.SECONDS)) {
                assertThat(requireNonNull(connection.read()).remaining()).isEqualTo(5);
            }
            Client client = client(
                            Way.tcp(),
                            Endpoint.tcp("localhost", server.endpoint().port()))
                    .executor(lookUps::add)
                    .start();
            requireNonNull(lookUps.poll(30, TimeUnit.SECONDS));
            client.closeAsync().get(30, TimeUnit.SECONDS);
            assertThat(client.stats().connects()).isZero();
        }
    }

    @Test
    void lookUpOfTheHostIsWithinTheTimeToConnect() {
        assertThatThrownBy(() -> Client.builder(Endpoint.tcp("localhost", 1), Way.KEYS)
                        .executor(lookUp -> {})
                        .connectTimeout(ofMillis(50))
                        .connect())
                .isInstanceOf(java.net.ConnectException.class)
                .hasMessageContaining("no connection within connectTimeout PT0.05S");
    }

    @Test
    void unknownHostIsSaid() {
        assertThatThrownBy(() -> Client.connect(Endpoint.tcp("no such host", 1), Way.KEYS))
                .isInstanceOf(java.net.ConnectException.class)
                .hasMessage("cannot connect to tcp://no such host:1: unknown host; check its name");
    }

    @Test
    void connectingIsRefusedOnTheEventLoop() throws Exception {
        var loops = Transport.best().newEventLoopGroup(1, r -> new Thread(r, "mine"));
        try {
            for (Callable<?> connect : List.<Callable<?>>of(
                    Client.builder(Endpoint.tcp(1), Way.KEYS).eventLoops(loops)::connect,
                    WebSocketClient.builder(URI.create("ws://127.0.0.1:1/"), new Recorder())
                            .eventLoops(loops)::connect)) {
                assertThatThrownBy(() -> loops.submit(connect).get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("use connectAsync there");
            }
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @RepeatedTest(50)
    void cancelledAttemptIsClosed() throws Exception {
        try (var silent = new ServerSocket(0)) {
            CompletableFuture<Connection> attempt = Client.builder(Endpoint.tcp(silent.getLocalPort()), Way.KEYS)
                    .connectAsync();
            try (var accepted = silent.accept()) {
                attempt.cancel(false);

                accepted.setSoTimeout(30_000);
                byte[] preamble = accepted.getInputStream().readAllBytes();
                assertThat(preamble.length).isLessThan(1024);
            }
        }
    }

    @Test
    void interruptedAttemptIsClosed() throws Exception {
        try (var silent = new ServerSocket(0)) {
            var outcome = new CompletableFuture<Throwable>();
            var thread = new Thread(() -> {
                try {
                    Client.connect(Endpoint.tcp(silent.getLocalPort()), Way.KEYS);
                } catch (Throwable e) {
                    outcome.complete(e);
                }
            });
            thread.start();
            try (var accepted = silent.accept()) {
                thread.interrupt();

                assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
                accepted.setSoTimeout(30_000);
                assertThat(accepted.getInputStream().readAllBytes().length).isLessThan(1024);
            }
            thread.join();
        }
    }
}
