package io.mutil.dataflow;

import io.mutil.codec.Codec;

/** All workers of a level share a child, so that the levels are many and the children few. */
class ProcessConformanceTest extends DataflowConformance {
    @Override
    protected DataflowStats run(Dataflow flow) throws Exception {
        return Flows.run(flow);
    }

    @Override
    protected <I, O> Workers<I, O> placed(Workers<I, O> workers, Codec<I> in, Codec<O> out) {
        return workers.isolation(Processes.of(in, out).heap("64m").workersPerProcess(8));
    }
}
