package io.mutil.server;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what happens on its connections, in order, as short texts. */
class Recorder implements WebSocketListener {
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final CompletableFuture<WebSocket> opened = new CompletableFuture<>();

    @Override
    public void onOpen(WebSocket socket) {
        events.add("open");
        opened.complete(socket);
    }

    @Override
    public void onText(WebSocket socket, String text) {
        events.add("text " + text);
    }

    @Override
    public void onBinary(WebSocket socket, ByteBuffer bytes) {
        events.add("binary " + bytes.remaining());
    }

    @Override
    public void onWritable(WebSocket socket) {
        events.add("writable");
    }

    @Override
    public void onClose(WebSocket socket, CloseReason reason) {
        events.add("close " + reason);
    }

    WebSocket socket() throws Exception {
        return opened.get(30, TimeUnit.SECONDS);
    }

    String next() throws InterruptedException {
        return requireNonNull(events.poll(30, TimeUnit.SECONDS), "nothing happened for 30 s");
    }

    /** The next event that begins like this; those before it are dropped. */
    String next(String prefix) throws InterruptedException {
        String event = next();
        while (!event.startsWith(prefix)) {
            event = next();
        }
        return event;
    }
}
