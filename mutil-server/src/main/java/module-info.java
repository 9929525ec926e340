/** Authenticated framed connections over TCP, Unix sockets and WebSocket; plain WebSocket server and client. */
module io.mutil.server {
    requires transitive io.mutil.codec;
    requires transitive io.netty.buffer;
    requires transitive io.netty.transport;
    requires io.netty.codec;
    requires io.netty.codec.compression;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires transitive io.netty.handler;
    requires static org.bouncycastle.provider;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.kqueue;
    requires static io.netty.transport.unix.common;
    requires static org.jspecify;

    exports io.mutil.server;
}
