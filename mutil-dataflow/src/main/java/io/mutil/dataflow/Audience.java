package io.mutil.dataflow;

import io.mutil.server.CloseReason;
import io.mutil.server.PreparedMessage;
import io.mutil.server.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The clients of an egress. Lives on their event loop, which is one for all of them. */
final class Audience {
    private final SlowReader slowReaders;
    private final List<WebSocket> sockets = new ArrayList<>();
    private final List<WebSocket> owed = new ArrayList<>();
    private final LongAdder skipped = new LongAdder();
    private @Nullable PreparedMessage pending;

    Audience(SlowReader slowReaders) {
        this.slowReaders = slowReaders;
    }

    void add(WebSocket socket) {
        sockets.add(socket);
    }

    void remove(WebSocket socket) {
        sockets.remove(socket);
    }

    boolean isEmpty() {
        return sockets.isEmpty();
    }

    /** True while a message still has to go to a client without room. */
    boolean isWaiting() {
        return pending != null;
    }

    /** Sends a message to everybody; false if it has to wait for somebody. */
    boolean offer(PreparedMessage message) {
        if (pending != null) {
            throw new IllegalStateException("a message is waiting already");
        }
        for (WebSocket socket : sockets) {
            if (!socket.offer(message) && socket.isOpen()) {
                offerSlow(socket, message);
            }
        }
        if (owed.isEmpty()) {
            return true;
        }
        pending = message.retain();
        flush();
        return false;
    }

    private void offerSlow(WebSocket socket, PreparedMessage message) {
        // The queue may be full only because this turn has not flushed yet.
        socket.flush();
        if (socket.offer(message) || !socket.isOpen()) {
            return;
        }
        switch (slowReaders) {
            case WAIT -> owed.add(socket);
            case SKIP -> skipped.increment();
            case DISCONNECT -> {
                skipped.increment();
                var unused = socket.closeAsync(CloseReason.TRY_LATER, "too slow for this stream");
            }
        }
    }

    /** Tries the waiting message again; true if it waits no more. */
    boolean retry() {
        PreparedMessage message = pending;
        if (message == null) {
            return true;
        }
        owed.removeIf(socket -> !socket.isOpen() || socket.offer(message));
        flush();
        if (!owed.isEmpty()) {
            return false;
        }
        giveUp();
        return true;
    }

    /** Lets the waiting message go. */
    void giveUp() {
        owed.clear();
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    void flush() {
        for (WebSocket socket : sockets) {
            socket.flush();
        }
    }

    /** Messages that slow clients missed; may be asked by any thread. */
    long skipped() {
        return skipped.sum();
    }
}
