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
        int taken = 0;
        int run = 0;
        while (run < runs.size()) {
            int end = endOfSmall(runs, run);
            boolean all = end - run > 1 ? offerTogether(runs, run, end) : offerShared(runs, run);
            if (!all) {
                return taken;
            }
            for (int next = Math.max(end, run + 1); run < next; run++) {
                taken += runs.count(run);
            }
        }
        return taken;
    }

    /** The first run that is large, from this one on. */
    private static int endOfSmall(Runs runs, int from) {
        int end = from;
        while (end < runs.size() && bytes(runs, end) < LARGE) {
            end++;
        }
        return end;
    }

    private static long bytes(Runs runs, int run) {
        return runs.messages(run).frameBytes(runs.from(run), runs.to(run));
    }

    private boolean offerShared(Runs runs, int run) {
        return socket.offer(runs.messages(run).frames(), runs.from(run), runs.to(run));
    }

    private boolean offerTogether(Runs runs, int from, int to) {
        long bytes = 0;
        for (int run = from; run < to; run++) {
            bytes += bytes(runs, run);
        }
        var together = new PreparedBatch(allocator, (int) bytes);
        try {
            for (int run = from; run < to; run++) {
                together.addAll(runs.messages(run).frames(), runs.from(run), runs.to(run));
            }
            return socket.offer(together, 0, together.size());
        } finally {
            together.release();
        }
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
