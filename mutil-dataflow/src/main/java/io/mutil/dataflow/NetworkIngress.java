package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Codec;

/**
 * What the ingresses from networks have in common.
 *
 * @param <T> items
 * @param <I> the ingress itself
 */
abstract sealed class NetworkIngress<T, I extends NetworkIngress<T, I>> extends Ingress<T>
        permits FramedIngress, WebSocketIngress {
    private final boolean listens;
    private final Codec<T> codec;

    NetworkIngress(boolean listens, Codec<T> codec) {
        this.listens = listens;
        this.codec = requireNonNull(codec, "codec");
    }

    abstract I self();

    final Codec<T> codec() {
        return codec;
    }

    @Override
    public I named(String name) {
        super.named(name);
        return self();
    }

    @Override
    public I onStart(StartHook hook) {
        super.onStart(hook);
        return self();
    }

    @Override
    public I supervise(Supervision supervision) {
        Outages.refuseIf(listens, supervision);
        super.supervise(supervision);
        return self();
    }

    @Override
    final int senders(FlowLoops loops) {
        return listens ? loops.threads() : 1;
    }
}
