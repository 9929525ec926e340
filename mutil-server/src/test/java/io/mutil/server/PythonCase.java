package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.JsonCodec;
import io.mutil.codec.MessageStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A connection with Python: the handshake it begins with, and the way its frames travel. */
record PythonCase(Handshake handshake, Way way) {
    static final byte[] WRONG = "a key that only one of them knows".getBytes(UTF_8);

    private static final FrameFormat FORMAT = FrameFormat.littleEndian(4).maxBytes(64 << 20);
    private static final int[] SIZES = {0, 1, 64 << 10, 1 << 20, 64 << 20};

    Endpoint endpoint() throws Exception {
        return way.endpoint();
    }

    Server server(ConnectionHandler handler) throws Exception {
        return way.server(handler)
                .handshake(handshake)
                .handshakeTimeout(Duration.ofSeconds(30))
                .format(FORMAT)
                .start();
    }

    Client.Builder client(Endpoint endpoint, Keys keys) {
        return way.client(endpoint, keys)
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

    /** Frames of every size and a value of JSON come back from Python as they were sent. */
    static void assertThatPayloadsComeBack(Connection connection) throws Exception {
        for (int size : SIZES) {
            assertThatComesBack(connection, size);
        }
        MessageStream<Object> values = connection.as(JsonCodec.of(Object.class));
        Map<String, Object> value = Map.of("symbol", "IBM", "note", "grüße ☃", "sizes", List.of(1, 2, 3));
        values.write(value);
        assertThat(values.read()).isEqualTo(value);
    }

    private static void assertThatComesBack(Connection connection, int size) throws Exception {
        ByteBuffer sent = ByteBuffer.allocate(size);
        for (int i = 0; i < size; i++) {
            sent.put(i, (byte) (31 * i));
        }
        connection.write(sent);
        assertThat(sent.equals(connection.read())).as("%d bytes", size).isTrue();
    }

    @Override
    public String toString() {
        return handshake + ", " + way;
    }
}
