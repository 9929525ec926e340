package io.mutil.server;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The places of a server: how many connections there may be, and which channels there are. */
final class Places {
    // how many connections beyond the limit may be told so at a time; more are just closed
    private static final int MAX_SURPLUS = 64;

    /** What an accepted channel gets. */
    enum Place {
        /** One of the places. */
        REGULAR,
        /** None, but it may be told so. */
        SURPLUS,
        /** None, and the channel is being closed. */
        NONE
    }

    private final int max;
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final AtomicInteger regular = new AtomicInteger();
    private final AtomicInteger surplus = new AtomicInteger();
    private volatile boolean closed;

    Places(int max) {
        this.max = max;
    }

    /** Takes a place until the channel is closed. */
    Place take(Channel channel) {
        Place place = take(regular, max, channel)
                ? Place.REGULAR
                : take(surplus, MAX_SURPLUS, channel) ? Place.SURPLUS : Place.NONE;
        if (place != Place.NONE) {
            channels.add(channel);
            channel.closeFuture().addListener(f -> channels.remove(channel));
        }
        if (closed || place == Place.NONE) {
            var unused = channel.close();
            return Place.NONE;
        }
        return place;
    }

    private static boolean take(AtomicInteger counter, int limit, Channel channel) {
        if (counter.incrementAndGet() > limit) {
            counter.decrementAndGet();
            return false;
        }
        channel.closeFuture().addListener(f -> counter.decrementAndGet());
        return true;
    }

    int max() {
        return max;
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
