package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** A connection whose peer takes everything, or nothing, as the test wants. */
final class FakeLink implements Link {
    private static final int ROOM = 1000;

    private final List<String> arrived = new ArrayList<>();
    private final Queue<String> queued = new ArrayDeque<>();
    private long queuedBytes;
    private boolean stuck;
    private boolean closed;
    private int closeCode;
    private CompletableFuture<Void> drained = CompletableFuture.completedFuture(null);

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

    /** Takes a run as a whole or not at all. */
    private int offer(Messages messages, int from, int to) {
        long bytes = 0;
        for (int i = from; i < to; i++) {
            bytes += messages.bytes(i);
        }
        if (closed || (queuedBytes > 0 && queuedBytes + bytes > ROOM)) {
            return 0;
        }
        for (int i = from; i < to; i++) {
            queued.add(UTF_8.decode(messages.payload(i)).toString());
        }
        queuedBytes += bytes;
        return to - from;
    }

    @Override
    public void flush() {
        if (!stuck) {
            arrived.addAll(queued);
            queued.clear();
            queuedBytes = 0;
            drained.complete(null);
        }
    }

    /** Whether the peer takes nothing. */
    void stuck(boolean on) {
        stuck = on;
        flush();
    }

    @Override
    public boolean isBehind() {
        return queuedBytes > 0;
    }

    @Override
    public boolean isIdle() {
        return !isBehind();
    }

    @Override
    public CompletableFuture<Void> drainAsync() {
        if (drained.isDone()) {
            drained = queuedBytes == 0 ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
        }
        return drained;
    }

    @Override
    public CompletableFuture<Void> closeAsync(int code, String reason) {
        closeCode = closed ? closeCode : code;
        closed = true;
        return CompletableFuture.completedFuture(null);
    }

    /** Zero if it is not closed. */
    int closeCode() {
        return closeCode;
    }

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("peer", 1);
    }

    /** What has arrived since the last time that this was asked. */
    List<String> arrived() {
        List<String> result = List.copyOf(arrived);
        arrived.clear();
        return result;
    }
}
