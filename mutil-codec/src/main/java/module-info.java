/** Length-prefixed frames, JSON, and the choice of Netty transport. */
@SuppressWarnings("module") // the sisters that the engine is for are compiled later
module io.mutil.codec {
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;
    requires transitive io.netty.transport;
    requires transitive tools.jackson.core;
    requires transitive tools.jackson.databind;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.kqueue;
    requires static io.netty.transport.unix.common;
    requires static org.jspecify;

    exports io.mutil.codec;
    exports io.mutil.codec.internal to
            io.mutil.pipe,
            io.mutil.server,
            io.mutil.wproxy;
}
