package io.mutil.dataflow;

import io.mutil.server.CloseReason;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket client that remembers what it is sent. */
final class Peer implements WebSocketListener, AutoCloseable {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    Peer(URI uri) throws Exception {
        // no ping, which would have the kernel reset a connection that the server has closed, and drop the rest
        socket = WebSocketClient.builder(uri, this)
                .outboundQueueBytes(1 << 23)
                .pingInterval(Duration.ZERO)
                .connect();
    }

    @Override
    public void onText(WebSocket from, String text) {
        messages.add(text);
    }

    WebSocket socket() {
        return socket;
    }

    void send(String text) throws Exception {
        socket.send(text);
    }

    String next() throws InterruptedException {
        String text = messages.poll(30, TimeUnit.SECONDS);
        if (text == null) {
            throw new AssertionError("no message within 30 seconds");
        }
        return text;
    }

    List<String> next(int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            texts.add(next());
        }
        return texts;
    }

    int waiting() {
        return messages.size();
    }

    CloseReason closeReason() throws Exception {
        return socket.closed().get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        socket.close();
    }
}
