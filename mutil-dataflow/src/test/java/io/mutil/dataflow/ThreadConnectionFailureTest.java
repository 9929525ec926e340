package io.mutil.dataflow;

import io.mutil.codec.Codec;

class ThreadConnectionFailureTest extends ConnectionFailureConformance {
    @Override
    protected <I, O> Workers<I, O> placed(Workers<I, O> workers, Codec<I> in, Codec<O> out) {
        return workers;
    }
}
