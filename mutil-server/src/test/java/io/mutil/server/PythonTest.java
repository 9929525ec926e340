package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.JsonCodec;
import io.mutil.codec.MessageStream;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Python at the other end: the handshakes and the frames of its library mutil, and its multiprocessing.connection. */
@Timeout(120)
class PythonTest {
    /** Python's own connections know sockets, and neither TLS nor WebSockets. */
    private static Stream<PythonCase> cases(List<Way> ways, Handshake... handshakes) {
        return ways.stream()
                .flatMap(way -> Stream.of(handshakes)
                        .filter(handshake -> handshake != Handshake.MULTIPROCESSING || way.isPlain())
                        .map(handshake -> new PythonCase(handshake, way)));
    }

    static Stream<PythonCase> cases() {
        return cases(Way.all(), Handshake.LEGACY, Handshake.MULTIPROCESSING);
    }

    static Stream<PythonCase> kinds() {
        return cases(Way.kinds(), Handshake.values());
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
    void pythonIsServed(PythonCase at) throws Exception {
        try (Server server = at.server(PythonTest::serve);
                PythonPeer peer = at.pythonClient(server, Way.KEY)) {
            assertThat(peer.result()).isEqualTo("ended");
            assertThat(server.stats().accepted()).isEqualTo(1);
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void pythonServes(PythonCase at) throws Exception {
        Endpoint endpoint = at.endpoint();
        try (PythonPeer peer = at.pythonServer(endpoint)) {
            try (Connection connection =
                    at.client(peer.listening(endpoint), Way.KEYS).connect()) {
                assertThat(connection.handshake()).isEqualTo(at.handshake());
                PythonCase.assertThatPayloadsComeBack(connection);
            }
            assertThat(peer.result()).isEqualTo("ended");
        }
        Way.clean(endpoint);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aPythonClientWithAnotherKeyIsRefused(PythonCase at) throws Exception {
        try (Server server = at.server(PythonTest::serve)) {
            try (PythonPeer peer = at.pythonClient(server, PythonCase.WRONG)) {
                assertThat(peer.result()).isEqualTo("refused");
            }
            Eventually.until("it is counted", () -> server.stats().refused() == 1);
            assertThat(server.stats().accepted()).isZero();
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aPythonServerWithAnotherKeyIsRefused(PythonCase at) throws Exception {
        Endpoint endpoint = at.endpoint();
        try (PythonPeer peer = at.pythonServer(endpoint)) {
            Client.Builder client = at.client(peer.listening(endpoint), Keys.of(PythonCase.WRONG));

            assertThatThrownBy(client::connect)
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("same key");

            assertThat(peer.result()).isEqualTo("refused");
        }
        Way.clean(endpoint);
    }
}
