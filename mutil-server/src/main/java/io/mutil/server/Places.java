package io.mutil.server;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The places of a server: how many connections there may be, and which channels there are.
 *
 * <p>A channel gets its place when its handshake is complete. Until then it waits with others, and so many strangers who
 * say nothing push each other out, instead of keeping out who has a key. Safe for many threads.
 */
final class Places {
    // so that a small server can be reached behind its strangers, too
    private static final int MIN_WAITING = 1000;

    private final int max;
    private final int maxWaiting;
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final AtomicInteger taken = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Channel> waiting = new LinkedHashSet<>();
    private volatile boolean closed;

    Places(int max) {
        this(max, Math.max(max, MIN_WAITING));
    }

    Places(int max, int maxWaiting) {
        this.max = max;
        this.maxWaiting = maxWaiting;
    }

    /**
     * Lets a channel wait until its handshake is complete. If too many do, the one that waits longest is closed.
     *
     * @return false if the server is closed, and the channel is being closed
     */
    boolean await(Channel channel) {
        channels.add(channel);
        Channel longest = addWaiting(channel);
        channel.closeFuture().addListener(f -> {
            channels.remove(channel);
            removeWaiting(channel);
        });
        if (longest != null) {
            var unused = longest.close();
        }
        if (closed) {
            var unused = channel.close();
        }
        return !closed;
    }

    private @Nullable Channel addWaiting(Channel channel) {
        lock.lock();
        try {
            waiting.add(channel);
            if (waiting.size() <= maxWaiting) {
                return null;
            }
            Channel longest = waiting.iterator().next();
            waiting.remove(longest);
            return longest;
        } finally {
            lock.unlock();
        }
    }

    private boolean removeWaiting(Channel channel) {
        lock.lock();
        try {
            return waiting.remove(channel);
        } finally {
            lock.unlock();
        }
    }

    /** Whether every place is taken. */
    boolean isFull() {
        return taken.get() >= max;
    }

    /** Takes a place, until the channel is closed; false if there is none, or if it has waited too long. */
    boolean take(Channel channel) {
        if (!removeWaiting(channel)) {
            return false;
        }
        if (taken.incrementAndGet() > max) {
            taken.decrementAndGet();
            return false;
        }
        channel.closeFuture().addListener(f -> taken.decrementAndGet());
        return true;
    }

    int max() {
        return max;
    }

    int maxWaiting() {
        return maxWaiting;
    }

    /**
     * Gives no place any more, and ends what is there.
     *
     * @param end ends one channel; runs on its event loop, where it cannot change from a handshake to an open connection
     *     meanwhile. Empty if the channel may just be closed.
     * @return completes when all channels have ended, or failed to
     */
    CompletableFuture<Void> close(Function<Channel, Optional<CompletableFuture<?>>> end) {
        closed = true;
        var ends = new ArrayList<CompletableFuture<?>>();
        for (Channel channel : channels) {
            // again on the loop: behind a task that is over already, this thread would do it
            ends.add(CompletableFuture.runAsync(() -> {}, channel.eventLoop())
                    .thenComposeAsync(v -> end.apply(channel).orElseGet(() -> closed(channel)), channel.eventLoop()));
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new));
    }

    private static CompletableFuture<?> closed(Channel channel) {
        var end = new CompletableFuture<Void>();
        channel.close().addListener(f -> end.complete(null));
        return end;
    }
}
