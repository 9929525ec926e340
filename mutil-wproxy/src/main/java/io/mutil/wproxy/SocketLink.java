package io.mutil.wproxy;

import io.mutil.server.PreparedBatch;
import io.mutil.server.WebSocket;
import io.netty.buffer.ByteBufAllocator;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/**
 * The way to a subscriber with a WebSocket.
 *
 * <p>What it gets is shared with all others. Only where it gets small pieces here and there they are put together, because to
 * copy a few hundred bytes costs less than to hand them over one by one.
 */
final class SocketLink implements Link {
    /** Runs that are shorter on average, in bytes, are put together. */
    private static final int LARGE = 4 << 10;

    private final WebSocket socket;
    private final ByteBufAllocator allocator;

    SocketLink(WebSocket socket, ByteBufAllocator allocator) {
        this.socket = socket;
        this.allocator = allocator;
    }

    @Override
    public int offer(Messages messages) {
        return socket.offer(messages.frames(), 0, messages.size()) ? messages.size() : 0;
    }

    @Override
    public int offer(Runs runs) {
        if (runs.size() > 1 && runs.bytes() < (long) LARGE * runs.size()) {
            PreparedBatch together = runs.together(allocator);
            return socket.offer(together, 0, together.size()) ? together.size() : 0;
        }
        int taken = 0;
        for (int run = 0; run < runs.size() && offerShared(runs, run); run++) {
            taken += runs.count(run);
        }
        return taken;
    }

    private boolean offerShared(Runs runs, int run) {
        return socket.offer(runs.messages(run).frames(), runs.from(run), runs.to(run));
    }

    @Override
    public void flush() {
        socket.flush();
    }

    @Override
    public boolean isBehind() {
        return socket.queuedBytes() > 0;
    }

    @Override
    public boolean isIdle() {
        return !isBehind();
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
