package io.mutil.wproxy;

import io.mutil.server.CloseReason;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A client of a proxy. */
final class TestClient implements AutoCloseable, WebSocketListener {
    private static final Pattern OUTAGE = Pattern.compile("\\{\"gap\": \\{\"key\": .*, \"missed\": null}}");

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    TestClient(URI uri) throws IOException, InterruptedException {
        this(uri, options -> options);
    }

    TestClient(URI uri, UnaryOperator<WebSocketClient.Builder> options) throws IOException, InterruptedException {
        socket = options.apply(WebSocketClient.builder(uri, this)).connect();
    }

    static TestClient of(WProxy proxy) throws IOException, InterruptedException {
        return new TestClient(proxy.uri());
    }

    /** A client that has subscribed, and been told so. */
    static TestClient of(WProxy proxy, String... keys) throws IOException, InterruptedException {
        var client = of(proxy);
        client.command("{\"subscribe\": [\"" + String.join("\", \"", keys) + "\"]}");
        return client;
    }

    @Override
    public void onText(WebSocket from, String text) {
        messages.add(text);
    }

    void say(String text) throws IOException, InterruptedException {
        socket.send(text);
    }

    /** Says something and waits for its acknowledgement, which must be next but for what is told about outages. */
    void command(String text) throws IOException, InterruptedException {
        say(text);
        String answer = nextButOutages();
        if (!answer.equals(text)) {
            throw new AssertionError("no acknowledgement, but " + answer);
        }
    }

    String next() throws InterruptedException {
        String text = messages.poll(30, TimeUnit.SECONDS);
        if (text == null) {
            throw new AssertionError("nothing within 30 s, " + socket);
        }
        return text;
    }

    /** The next that does not say that the upstream was lost. */
    String nextButOutages() throws InterruptedException {
        String text = next();
        while (OUTAGE.matcher(text).matches()) {
            text = next();
        }
        return text;
    }

    boolean hasNothingMore() {
        return messages.isEmpty();
    }

    /** Stops reading. */
    void pause() {
        socket.pause();
    }

    void resume() {
        socket.resume();
    }

    CloseReason closeReason() {
        return socket.closed().orTimeout(30, TimeUnit.SECONDS).join();
    }

    WebSocket socket() {
        return socket;
    }

    @Override
    public void close() {
        socket.close();
    }
}
