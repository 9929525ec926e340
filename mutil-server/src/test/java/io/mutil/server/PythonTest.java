package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.JsonCodec;
import io.mutil.codec.MessageStream;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Python at the other end: the handshake and the frames of its library mutil, and its multiprocessing.connection. */
@Timeout(120)
class PythonTest {
    private static final byte[] WRONG = "a key that only one of them knows".getBytes(UTF_8);
    private static final FrameFormat FORMAT = FrameFormat.littleEndian(4).maxBytes(64 << 20);
    private static final int[] SIZES = {0, 1, 64 << 10, 1 << 20, 64 << 20};

    record Case(Handshake handshake, Way way) {
        Endpoint endpoint() throws Exception {
            return way.endpoint();
        }

        Server server() throws Exception {
            return way.server(PythonTest::serve)
                    .handshake(handshake)
                    .format(FORMAT)
                    .start();
        }

        Client.Builder client(Endpoint endpoint, byte[] key) {
            return way.client(endpoint, Keys.of(key))
                    .handshake(handshake)
                    .handshakeTimeout(Duration.ofSeconds(30))
                    .format(FORMAT);
        }

        PythonPeer pythonClient(Server server, byte[] key) throws IOException {
            return PythonPeer.client(handshake, way, server.endpoint(), key);
        }

        PythonPeer pythonServer(Endpoint endpoint) throws IOException {
            return PythonPeer.server(handshake, way, endpoint, Way.KEY);
        }

        @Override
        public String toString() {
            return handshake + ", " + way;
        }
    }

    /** Python's own connections know sockets, and neither TLS nor WebSockets. */
    private static Stream<Case> cases(List<Way> ways) {
        return ways.stream()
                .flatMap(way -> Stream.of(Handshake.LEGACY, Handshake.MULTIPROCESSING)
                        .filter(handshake -> handshake == Handshake.LEGACY || way.isPlain())
                        .map(handshake -> new Case(handshake, way)));
    }

    static Stream<Case> cases() {
        return cases(Way.all());
    }

    static Stream<Case> kinds() {
        return cases(Way.kinds());
    }

    @BeforeAll
    static void needsPython() {
        PythonPeer.require();
    }

    /** Sends back what it gets; an object of JSON as its value, not as its bytes. */
    private static void serve(Connection connection) throws IOException, InterruptedException {
        MessageStream<JsonNode> values = connection.as(JsonCodec.of(JsonNode.class));
        for (ByteBuffer frame = connection.read(); frame != null; frame = connection.read()) {
            if (frame.hasRemaining() && frame.get(frame.position()) == '{') {
                var payload = io.netty.buffer.Unpooled.wrappedBuffer(frame);
                values.write(JsonCodec.of(JsonNode.class).decode(payload));
            } else {
                connection.write(frame);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void pythonIsServed(Case at) throws Exception {
        try (Server server = at.server();
                PythonPeer peer = at.pythonClient(server, Way.KEY)) {
            assertThat(peer.result()).isEqualTo("ended");
            assertThat(server.stats().accepted()).isEqualTo(1);
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void pythonServes(Case at) throws Exception {
        Endpoint endpoint = at.endpoint();
        try (PythonPeer peer = at.pythonServer(endpoint)) {
            try (Connection connection =
                    at.client(peer.listening(endpoint), Way.KEY).connect()) {
                assertThat(connection.handshake()).isEqualTo(at.handshake());
                for (int size : SIZES) {
                    assertThatComesBack(connection, size);
                }
                MessageStream<Object> values = connection.as(JsonCodec.of(Object.class));
                Map<String, Object> value = Map.of("symbol", "IBM", "note", "grüße ☃", "sizes", List.of(1, 2, 3));
                values.write(value);
                assertThat(values.read()).isEqualTo(value);
            }
            assertThat(peer.result()).isEqualTo("ended");
        }
        Way.clean(endpoint);
    }

    private static void assertThatComesBack(Connection connection, int size) throws Exception {
        ByteBuffer sent = ByteBuffer.allocate(size);
        for (int i = 0; i < size; i++) {
            sent.put(i, (byte) (31 * i));
        }
        connection.write(sent);
        assertThat(sent.equals(connection.read())).as("%d bytes", size).isTrue();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aPythonClientWithAnotherKeyIsRefused(Case at) throws Exception {
        try (Server server = at.server()) {
            try (PythonPeer peer = at.pythonClient(server, WRONG)) {
                assertThat(peer.result()).isEqualTo("refused");
            }
            Eventually.until("it is counted", () -> server.stats().refused() == 1);
            assertThat(server.stats().accepted()).isZero();
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aPythonServerWithAnotherKeyIsRefused(Case at) throws Exception {
        Endpoint endpoint = at.endpoint();
        try (PythonPeer peer = at.pythonServer(endpoint)) {
            Client.Builder client = at.client(peer.listening(endpoint), WRONG);

            assertThatThrownBy(client::connect)
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("same key");

            assertThat(peer.result()).isEqualTo("refused");
        }
        Way.clean(endpoint);
    }
}
