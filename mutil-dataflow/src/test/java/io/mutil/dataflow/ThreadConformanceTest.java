package io.mutil.dataflow;

class ThreadConformanceTest extends DataflowConformance {
    @Override
    protected DataflowStats run(Dataflow flow) throws Exception {
        return Flows.run(flow);
    }
}
