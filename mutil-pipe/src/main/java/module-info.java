/** Frames over OS pipes, inherited descriptors, FIFOs, streams and child processes. */
module io.mutil.pipe {
    requires transitive io.mutil.codec;
    requires transitive io.netty.transport;
    requires io.netty.buffer;
    requires io.netty.common;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.unix.common;
    requires static org.jspecify;

    exports io.mutil.pipe;
}
