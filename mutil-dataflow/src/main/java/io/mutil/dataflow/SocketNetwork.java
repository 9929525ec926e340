package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.server.WebSocketListener;
import io.mutil.server.WebSocketServer;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;

/** Where a network level listens and how its server is set up. */
final class Listening {
    private final String host;
    private final int port;
    private ServerSetup setup = server -> {};

    Listening(String host, int port) {
        this.host = requireNonNull(host, "host");
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
        }
        this.port = port;
    }

    void setUp(ServerSetup more) {
        requireNonNull(more, "setup");
        ServerSetup before = setup;
        setup = server -> {
            before.apply(server);
            more.apply(server);
        };
    }

    WebSocketServer start(WebSocketListener listener, FlowLoops loops, EventLoopGroup group) throws IOException {
        var server = WebSocketServer.builder(listener).drainTimeout(loops.drainTimeout());
        setup.apply(server);
        return server.host(host)
                .port(port)
                .transport(loops.transport())
                .eventLoops(group)
                .start();
    }
}
