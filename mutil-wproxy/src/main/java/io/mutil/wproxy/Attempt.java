package io.mutil.wproxy;

import io.mutil.codec.Transport;
import io.mutil.server.CloseReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the upstream, or the try to make one. Passes on what comes of it until it is over, and nothing behind
 * that.
 *
 * <p>It ends on the loop of the feed. What comes on that loop, as messages of a WebSocket do, is in order with the end by
 * itself; only what comes on other threads needs the lock.
 */
final class Attempt implements UpstreamReceiver {
    /** What an upstream says that is more is not believed. */
    private static final long MOST_MISSED = 1L << 40;

    private final Feed feed;
    private final Feed.Listener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean over;

    // confined to the loop
    private @Nullable CompletableFuture<? extends UpstreamConnection> connecting;
    private @Nullable UpstreamConnection connection;
    private long since;

    Attempt(Feed feed, Feed.Listener listener) {
        this.feed = feed;
        this.listener = listener;
    }

    @Override
    public void onMessage(boolean text, ByteBuf payload) {
        if (feed.isOnLoop()) {
            pass(text, payload);
            return;
        }
        lock.lock();
        try {
            pass(text, payload);
        } finally {
            lock.unlock();
        }
    }

    private void pass(boolean text, ByteBuf payload) {
        if (over) {
            return;
        }
        feed.heard();
        try {
            listener.message(text, payload);
        } catch (Throwable e) {
            broke(e);
            throw e;
        }
    }

    @Override
    public void onGap(@Nullable String key, long missed) {
        lock.lock();
        try {
            if (!over) {
                listener.gap(key, missed > 0 && missed < MOST_MISSED ? missed : Notices.UNKNOWN);
            }
        } catch (Throwable e) {
            broke(e);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** What is partly done cannot be mended, but a new connection begins anew. */
    private void broke(Throwable e) {
        over = true;
        feed.dropLater(this, "was dropped, because the proxy failed on what it sent: " + e);
    }

    @Override
    public void onClose(CloseReason reason) {
        end();
        feed.lost(this, "ended with " + reason);
    }

    /** Passes nothing on once this has returned. */
    void end() {
        lock.lock();
        try {
            over = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public EventLoopGroup eventLoops() {
        return feed.eventLoops();
    }

    @Override
    public Transport transport() {
        return feed.transport();
    }

    void connecting(CompletableFuture<? extends UpstreamConnection> result) {
        connecting = result;
    }

    /** Gives up, unless there is a connection. */
    void cancel() {
        if (connection == null && connecting != null) {
            connecting.cancel(false);
        }
    }

    void opened(UpstreamConnection made, long now) {
        connection = made;
        since = now;
    }

    @Nullable
    UpstreamConnection connection() {
        return connection;
    }

    /** When there was a connection first, in nanoseconds. */
    long since() {
        return since;
    }
}
