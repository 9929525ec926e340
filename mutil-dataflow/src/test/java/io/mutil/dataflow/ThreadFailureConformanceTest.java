package io.mutil.dataflow;

import io.mutil.codec.Codec;

class ThreadFailureConformanceTest extends DataflowFailureConformance {
    @Override
    protected <I, O> Workers<I, O> placed(String level, Workers<I, O> workers, Codec<I> in, Codec<O> out) {
        return workers;
    }

    @Override
    protected void breakLevel(String level) {
        Poison.of(level).serve();
    }

    @Override
    protected int successors(LevelStats level) {
        return 1;
    }
}
