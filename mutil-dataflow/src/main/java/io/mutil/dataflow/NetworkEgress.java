package io.mutil.dataflow;

import io.mutil.codec.Codec;
import java.time.Duration;

/**
 * What the egresses to networks have in common.
 *
 * @param <T> items
 * @param <E> the egress itself
 */
abstract sealed class NetworkEgress<T, E extends NetworkEgress<T, E>> extends Egress<T>
        permits FramedEgress, WebSocketEgress {
    private final boolean listens;
    private final BatchOptions<T> options;

    NetworkEgress(boolean listens, Codec<? super T> codec) {
        this.listens = listens;
        this.options = new BatchOptions<>(codec);
    }

    abstract E self();

    final BatchOptions<T> options() {
        return options;
    }

    /**
     * Sends arrays of items instead of one message per item.
     *
     * @param maxItems an array is sent when it holds so many, 1 to 2^20
     * @param maxDelay and at the latest so long after its first item came; zero sends what is ready at once
     * @throws IllegalArgumentException if one is out of its range, or the codec has no arrays
     */
    public E batch(int maxItems, Duration maxDelay) {
        options.batch(maxItems, maxDelay);
        return self();
    }

    /** What happens to a peer that does not keep up. Default: {@link SlowReader#WAIT}. */
    public E slowReaders(SlowReader policy) {
        options.slowReaders(policy);
        return self();
    }

    @Override
    public E filter(Filter<? super T> filter) {
        super.filter(filter);
        return self();
    }

    @Override
    public E named(String name) {
        super.named(name);
        return self();
    }

    @Override
    public E edge(Edge edge) {
        super.edge(edge);
        return self();
    }

    @Override
    public E onError(ErrorHandler<? super T> handler) {
        super.onError(handler);
        return self();
    }

    @Override
    public E onStart(StartHook hook) {
        super.onStart(hook);
        return self();
    }

    @Override
    public E supervise(Supervision supervision) {
        Outages.refuseIf(listens, supervision);
        super.supervise(supervision);
        return self();
    }
}
