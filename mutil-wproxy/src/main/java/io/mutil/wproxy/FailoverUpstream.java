package io.mutil.wproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Several upstreams of which one at a time is used. Each try is with the next one; how long it may take is the feed's to say. */
final class FailoverUpstream implements Upstream {
    private final List<Upstream> upstreams;
    private final AtomicInteger next = new AtomicInteger();

    FailoverUpstream(List<? extends Upstream> upstreams) {
        this.upstreams = flat(upstreams);
        if (this.upstreams.isEmpty()) {
            throw new IllegalArgumentException("failover needs at least one upstream");
        }
    }

    /** Several of several are as many as they are in all. */
    private static List<Upstream> flat(List<? extends Upstream> upstreams) {
        var all = new ArrayList<Upstream>();
        for (Upstream upstream : upstreams) {
            all.addAll(upstream instanceof FailoverUpstream several ? several.upstreams : List.of(upstream));
        }
        return List.copyOf(all);
    }

    int size() {
        return upstreams.size();
    }

    @Override
    public CompletableFuture<? extends UpstreamConnection> connectAsync(UpstreamReceiver receiver) {
        return upstreams.get(next.getAndUpdate(n -> (n + 1) % size())).connectAsync(receiver);
    }

    @Override
    public String toString() {
        return "one of " + upstreams;
    }
}
