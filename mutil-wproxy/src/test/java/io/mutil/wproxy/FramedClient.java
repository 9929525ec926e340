package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.server.Client;
import io.mutil.server.CloseReason;
import io.mutil.server.Connection;
import io.mutil.server.Endpoint;
import io.mutil.server.Keys;
import io.mutil.server.Server;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client of a proxy with a framed connection. It reads only when it is asked to. */
final class FramedClient implements AutoCloseable {
    private final Connection connection;

    FramedClient(Server server, Keys keys) throws IOException, InterruptedException {
        this(server.endpoint(), keys);
    }

    FramedClient(Endpoint endpoint, Keys keys) throws IOException, InterruptedException {
        this(Client.builder(endpoint, keys));
    }

    FramedClient(Client.Builder options) throws IOException, InterruptedException {
        connection = options.connect();
    }

    void say(String text) throws IOException, InterruptedException {
        connection.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    /** Says something and waits for its acknowledgement, which must be next. */
    void command(String text) throws Exception {
        say(text);
        String answer = next();
        if (!text.equals(answer)) {
            throw new AssertionError("no acknowledgement, but " + answer);
        }
    }

    /** Null at the end. */
    @Nullable
    String next() throws Exception {
        try {
            ByteBuffer frame = connection.readAsync().get(30, TimeUnit.SECONDS);
            return frame == null ? null : UTF_8.decode(frame).toString();
        } catch (TimeoutException e) {
            throw new AssertionError("nothing within 30 s, " + connection, e);
        }
    }

    CloseReason closeReason() {
        return connection.closed().orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
