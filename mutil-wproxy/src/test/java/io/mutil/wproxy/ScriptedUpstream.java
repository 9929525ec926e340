package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.server.CloseReason;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketListener;
import io.mutil.server.WebSocketServer;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A service that does what a test tells it. */
final class ScriptedUpstream implements AutoCloseable, WebSocketListener {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final List<WebSocket> sockets = new CopyOnWriteArrayList<>();
    private final UnaryOperator<WebSocketServer.Builder> options;
    private volatile boolean refusing;
    private volatile Consumer<WebSocket> greeting = socket -> {};
    private WebSocketServer server;

    ScriptedUpstream() throws IOException {
        this(server -> server);
    }

    ScriptedUpstream(UnaryOperator<WebSocketServer.Builder> options) throws IOException {
        this.options = options;
        server = builder().start();
    }

    private WebSocketServer.Builder builder() {
        // connections that tests broke do not hold up its end
        return options.apply(WebSocketServer.builder(this).drainTimeout(Duration.ofMillis(200)));
    }

    URI uri() {
        return server.uri();
    }

    @Override
    public void onOpen(WebSocket socket) {
        if (refusing) {
            var unused = socket.closeAsync(1011, "not now");
        } else {
            greeting.accept(socket);
            sockets.add(socket);
        }
    }

    @Override
    public void onText(WebSocket socket, String text) {
        heard.add(text);
    }

    @Override
    public void onClose(WebSocket socket, CloseReason reason) {
        sockets.remove(socket);
    }

    /** What to do with a connection that has just been made. */
    void greet(Consumer<WebSocket> greeting) {
        this.greeting = greeting;
    }

    /** The next thing that the proxy has said. */
    String heard() throws InterruptedException {
        String text = heard.poll(30, TimeUnit.SECONDS);
        if (text == null) {
            throw new AssertionError("the proxy said nothing within 30 s");
        }
        return text;
    }

    boolean hasHeardNothingMore() {
        return heard.isEmpty();
    }

    void awaitConnection() {
        Eventually.until("a connection of the proxy", () -> !sockets.isEmpty());
    }

    /** One that has come may be gone again. */
    private WebSocket connection() {
        awaitConnection();
        return sockets.stream().findFirst().orElseGet(this::connection);
    }

    /** Sends a message on the connection of the proxy. */
    void send(String message) throws IOException, InterruptedException {
        connection().send(message);
    }

    void sendBinary(String message) throws IOException, InterruptedException {
        sendBinary(message.getBytes(UTF_8));
    }

    void sendBinary(byte[] message) throws IOException, InterruptedException {
        connection().send(ByteBuffer.wrap(message));
    }

    /** Ends the connection of the proxy. */
    void drop() {
        WebSocket dropped = connection();
        var unused = dropped.closeAsync(1011, "dropped");
        Eventually.until("the end of the connection", () -> !sockets.contains(dropped));
    }

    /** Ends a connection from outside. */
    interface Cut {
        void happen() throws IOException;
    }

    /** Does what ends the connection of the proxy, and waits until this side knows, so that nothing is sent on it. */
    void awaitEnd(Cut cut) throws IOException {
        WebSocket ended = connection();
        cut.happen();
        Eventually.until("the end of the connection", () -> !sockets.contains(ended));
    }

    /** Reads nothing more from the connection of the proxy and says nothing more on it, not even that it ends. */
    void stall() {
        WebSocket stalled = connection();
        stalled.pause();
        sockets.remove(stalled);
    }

    /** Says nothing more on the connection of the proxy, which goes on hearing pongs. */
    void fallSilent() {
        sockets.remove(connection());
    }

    void refuse(boolean on) {
        refusing = on;
    }

    int connections() {
        return sockets.size();
    }

    /** Stops listening; the port is free then. */
    void stop() {
        server.close();
    }

    /** Listens on the same port again. */
    void startAgain() throws IOException {
        server = builder().port(server.port()).start();
    }

    @Override
    public void close() {
        server.close();
    }
}
