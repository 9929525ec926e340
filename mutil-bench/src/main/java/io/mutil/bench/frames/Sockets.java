package io.mutil.bench.frames;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Two blocking socket channels of the JDK that are connected with each other. */
record Sockets(SocketChannel client, SocketChannel server) implements AutoCloseable {
    /** Over TCP on the loopback. */
    static Sockets tcp() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            return connect(listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        }
    }

    /** Over a Unix socket, whose name is gone again when this returns. */
    static Sockets unix(Path name) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            return connect(listener.bind(UnixDomainSocketAddress.of(name)));
        } finally {
            Files.deleteIfExists(name);
        }
    }

    private static Sockets connect(ServerSocketChannel listener) throws IOException {
        SocketAddress address = listener.getLocalAddress();
        return new Sockets(SocketChannel.open(address), listener.accept());
    }

    @Override
    public void close() throws IOException {
        try (client;
                server) {
            // both, whatever happens to one
        }
    }
}
