package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.codec.JsonCodec;
import io.mutil.server.Client;
import io.mutil.server.CloseReason;
import io.mutil.server.Connection;
import io.mutil.server.Endpoint;
import io.mutil.server.Keys;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client of a framed level, with small buffers so that it soon pushes back. */
final class FramedPeer implements AutoCloseable {
    private static final byte[] SECRET = "0123456789abcdef".getBytes(UTF_8);
    static final KeySource KEYS = () -> Keys.of(SECRET);

    private final Connection connection;

    FramedPeer(URI uri) throws Exception {
        // no sign of life, which would have the kernel reset a connection that the server has closed, and drop the rest
        connection = Client.builder(endpoint(uri), KEYS.open())
                .inboundBufferBytes(1 << 16)
                .pingInterval(Duration.ZERO)
                .connect();
    }

    /** A level that hears such clients on a free port. */
    static FramedIngress<Long> ingress() {
        return FramedIngress.listen(Endpoint.tcp(0), KEYS, JsonCodec.of(Long.class));
    }

    /** A level, named {@code out}, that tells such clients on a free port. */
    static FramedEgress<Long> egress() {
        return FramedEgress.<Long>listen(Endpoint.tcp(0), KEYS, JsonCodec.of(Long.class))
                .named("out");
    }

    static Endpoint endpoint(URI uri) {
        return switch (uri.getScheme()) {
            case "unix" -> Endpoint.unix(Path.of(uri.getPath()));
            case "ws" -> Endpoint.webSocket(uri.getHost(), uri.getPort(), uri.getPath());
            default -> Endpoint.tcp(uri.getHost(), uri.getPort());
        };
    }

    static byte[] secret() {
        return SECRET.clone();
    }

    /** Waits until these readers hear what the feed says, and nothing more is on its way. */
    static void awaitHeard(RunningDataflow running, FramedPeer feed, FramedPeer... readers) throws Exception {
        for (FramedPeer reader : readers) {
            var first = reader.connection.readAsync();
            Eventually.until("the reader hears", () -> {
                feed.sendOrFail("-1");
                return first.isDone();
            });
        }
        long sent = Flows.level(running, "out").received();
        feed.sendOrFail("-2");
        Eventually.until("all came", () -> Flows.level(running, "out").received() > sent);
        for (FramedPeer reader : readers) {
            reader.skipTo("-2");
        }
    }

    Connection connection() {
        return connection;
    }

    void send(String text) throws Exception {
        connection.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    /** As {@link #send(String)}, where nothing else than an error can be thrown. */
    void sendOrFail(String text) {
        try {
            send(text);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Writes numbers, each in a frame. */
    void send(long from, long to) throws Exception {
        for (long n = from; n < to; n++) {
            send(Long.toString(n));
        }
    }

    /** How many frames come before the connection ends, however it does. */
    int countToEnd() throws InterruptedException {
        int count = 0;
        try {
            while (connection.read() != null) {
                count++;
            }
        } catch (IOException e) {
            // cut off
        }
        return count;
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
