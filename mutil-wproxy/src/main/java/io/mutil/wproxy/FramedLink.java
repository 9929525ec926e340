package io.mutil.wproxy;

import io.mutil.server.CloseReason;
import io.mutil.server.Connection;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** The way to a subscriber with a framed connection. Text and binary are the same there: the payload of a frame. */
record FramedLink(Connection connection) implements Link {
    /** Frames leave on a loop of their own, a moment later. */
    private static final int ON_ITS_WAY = 64 << 10;

    @Override
    public int offer(Messages messages) {
        return offer(messages, 0, messages.size());
    }

    @Override
    public int offer(Runs runs) {
        int taken = 0;
        for (int run = 0; run < runs.size(); run++) {
            int count = offer(runs.messages(run), runs.from(run), runs.to(run));
            taken += count;
            if (count < runs.count(run)) {
                break;
            }
        }
        return taken;
    }

    private int offer(Messages messages, int from, int to) {
        int next = from;
        while (next < to && take(messages.payload(next))) {
            next++;
        }
        return next - from;
    }

    private boolean take(ByteBuffer message) {
        if (message.remaining() > connection.maxPayload()) {
            var unused = connection.closeAsync(
                    CloseReason.TOO_BIG, "a message has " + message.remaining() + " bytes, more than a frame may");
            return false;
        }
        // fails at once if there is no room
        return !connection.writeAsync(message).isCompletedExceptionally();
    }

    /** Frames leave by themselves. */
    @Override
    public void flush() {}

    @Override
    public boolean isBehind() {
        return connection.stats().queuedBytes() > ON_ITS_WAY;
    }

    @Override
    public boolean isIdle() {
        return connection.stats().queuedBytes() == 0;
    }

    @Override
    public CompletableFuture<Void> drainAsync() {
        return connection.drainAsync();
    }

    @Override
    public CompletableFuture<Void> closeAsync(int code, String reason) {
        return connection.closeAsync(code, reason);
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }
}
