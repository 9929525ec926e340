package io.mutil.dataflow;

import io.mutil.codec.Codec;

class ProcessConnectionFailureTest extends ConnectionFailureConformance {
    @Override
    protected <I, O> Workers<I, O> placed(Workers<I, O> workers, Codec<I> in, Codec<O> out) {
        return workers.isolation(Processes.of(in, out).heap("64m").workersPerProcess(8));
    }
}
