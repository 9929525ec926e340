package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.server.Client;
import io.mutil.server.CloseReason;
import io.mutil.server.Connection;
import io.mutil.server.Endpoint;
import io.mutil.server.Keys;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client of a framed level, with small buffers so that it soon pushes back. */
final class FramedPeer implements AutoCloseable {
    private static final byte[] SECRET = "0123456789abcdef".getBytes(UTF_8);
    static final KeySource KEYS = () -> Keys.of(SECRET);

    private final Connection connection;

    FramedPeer(URI uri) throws Exception {
        connection = Client.builder(endpoint(uri), KEYS.open())
                .inboundBufferBytes(1 << 16)
                .connect();
    }

    static Endpoint endpoint(URI uri) {
        return switch (uri.getScheme()) {
            case "unix" -> Endpoint.unix(Path.of(uri.getPath()));
            case "ws" -> Endpoint.webSocket(uri.getHost(), uri.getPort(), uri.getPath());
            default -> Endpoint.tcp(uri.getHost(), uri.getPort());
        };
    }

    Connection connection() {
        return connection;
    }

    void send(String text) throws Exception {
        connection.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    /** Writes numbers, each in a frame. */
    void send(long from, long to) throws Exception {
        for (long n = from; n < to; n++) {
            send(Long.toString(n));
        }
    }

    String next() throws Exception {
        ByteBuffer frame = connection.readAsync().get(30, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("closed: " + connection.closeReason());
        }
        return UTF_8.decode(frame).toString();
    }

    List<String> next(int count) throws Exception {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            texts.add(next());
        }
        return texts;
    }

    void skipTo(String text) throws Exception {
        String got;
        do {
            got = next();
        } while (!got.equals(text));
    }

    /** Reads to the end, which must be in order. */
    CloseReason closeReason() throws Exception {
        ByteBuffer frame;
        do {
            frame = connection.readAsync().get(30, TimeUnit.SECONDS);
        } while (frame != null);
        return connection.closed().get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
