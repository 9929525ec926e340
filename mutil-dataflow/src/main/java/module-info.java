/** Topologies: ingress, workers, egress. */
module io.mutil.dataflow {
    requires transitive io.mutil.pipe;
    requires transitive io.mutil.server;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires java.management;
    requires static org.jspecify;

    exports io.mutil.dataflow;
}
