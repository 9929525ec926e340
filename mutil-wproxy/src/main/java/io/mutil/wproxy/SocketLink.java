package io.mutil.wproxy;

import io.mutil.server.WebSocket;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/** The way to a subscriber with a WebSocket. */
record SocketLink(WebSocket socket) implements Link {
    @Override
    public int offer(Messages messages, int from, int to) {
        return socket.offer(messages.frames(), from, to) ? to : from;
    }

    @Override
    public void flush() {
        socket.flush();
    }

    @Override
    public long queuedBytes() {
        return socket.queuedBytes();
    }

    @Override
    public CompletableFuture<Void> drainAsync() {
        return socket.drainAsync();
    }

    @Override
    public CompletableFuture<Void> closeAsync(int code, String reason) {
        return socket.closeAsync(code, reason);
    }

    @Override
    public SocketAddress remoteAddress() {
        return socket.remoteAddress();
    }
}
