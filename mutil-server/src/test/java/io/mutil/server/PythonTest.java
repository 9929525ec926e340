package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.JsonCodec;
import io.mutil.codec.MessageStream;
import io.mutil.codec.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Python at the other end: the handshake and the frames of its library mutil, and its multiprocessing.connection. */
@Timeout(120)
class PythonTest {
    private static final byte[] KEY = "a key that both languages know".getBytes(UTF_8);
    private static final byte[] WRONG = "a key that only one of them knows".getBytes(UTF_8);
    private static final FrameFormat FORMAT = FrameFormat.littleEndian(4).maxBytes(64 << 20);
    private static final int[] SIZES = {0, 1, 64 << 10, 1 << 20, 64 << 20};

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    record Case(Handshake handshake, String kind, Transport transport) {}

    static Stream<Case> cases() {
        return Stream.of(Handshake.LEGACY, Handshake.MULTIPROCESSING)
                .flatMap(handshake -> Stream.of("tcp", "unix")
                        .flatMap(kind ->
                                Transport.available().stream().map(transport -> new Case(handshake, kind, transport))));
    }

    @BeforeAll
    static void needsPython() {
        PythonPeer.require();
    }

    private Path socketFile() {
        return directory.resolve("s");
    }

    private Server server(Case at) throws IOException {
        return Server.builder(Keys.of(KEY))
                .listen(at.kind().equals("tcp") ? Endpoint.tcp(0) : Endpoint.unix(socketFile()))
                .handshake(at.handshake())
                .format(FORMAT)
                .transport(at.transport())
                .onConnection(PythonTest::serve)
                .start();
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

    private PythonPeer client(Case at, Server server, byte[] key) throws IOException {
        String where = at.kind().equals("tcp")
                ? String.valueOf(server.endpoint().port())
                : socketFile().toString();
        return PythonPeer.start(at.handshake(), "client", at.kind(), where, key);
    }

    private PythonPeer pythonServer(Case at) throws IOException {
        String where = at.kind().equals("tcp") ? "0" : socketFile().toString();
        return PythonPeer.start(at.handshake(), "server", at.kind(), where, KEY);
    }

    private static Client.Builder connecting(Case at, PythonPeer peer, byte[] key) throws IOException {
        String where = peer.listening();
        Endpoint endpoint =
                at.kind().equals("tcp") ? Endpoint.tcp(Integer.parseInt(where)) : Endpoint.unix(Path.of(where));
        return Client.builder(endpoint, Keys.of(key))
                .handshake(at.handshake())
                .format(FORMAT)
                .transport(at.transport());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void pythonIsServed(Case at) throws Exception {
        try (Server server = server(at);
                PythonPeer peer = client(at, server, KEY)) {
            assertThat(peer.result()).isEqualTo("ended");
            assertThat(server.stats().accepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void pythonServes(Case at) throws Exception {
        try (PythonPeer peer = pythonServer(at)) {
            try (Connection connection = connecting(at, peer, KEY).connect()) {
                assertThat(connection.handshake()).isEqualTo(at.handshake());
                for (int size : SIZES) {
                    ByteBuffer sent = ByteBuffer.allocate(size);
                    for (int i = 0; i < size; i++) {
                        sent.put(i, (byte) (31 * i));
                    }
                    connection.write(sent);
                    assertThat(sent.equals(connection.read()))
                            .as("%d bytes", size)
                            .isTrue();
                }
                MessageStream<Object> values = connection.as(JsonCodec.of(Object.class));
                Map<String, Object> value = Map.of("symbol", "IBM", "note", "grüße ☃", "sizes", List.of(1, 2, 3));
                values.write(value);
                assertThat(values.read()).isEqualTo(value);
            }
            assertThat(peer.result()).isEqualTo("ended");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPythonClientWithAnotherKeyIsRefused(Case at) throws Exception {
        try (Server server = server(at)) {
            try (PythonPeer peer = client(at, server, WRONG)) {
                assertThat(peer.result()).isEqualTo("refused");
            }
            assertThat(server.stats().accepted()).isZero();
            assertThat(server.stats().refused()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPythonServerWithAnotherKeyIsRefused(Case at) throws Exception {
        try (PythonPeer peer = pythonServer(at)) {
            Client.Builder client = connecting(at, peer, WRONG);

            assertThatThrownBy(client::connect)
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("same key");

            assertThat(peer.result()).isEqualTo("refused");
        }
    }
}
