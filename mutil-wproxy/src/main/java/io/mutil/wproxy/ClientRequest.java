package io.mutil.wproxy;

import io.mutil.server.Connection;
import io.mutil.server.UpgradeRequest;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * Who wants to connect, and what it shows. A WebSocket has headers and a query, a framed connection has the id of a key.
 *
 * <p>Immutable.
 */
public final class ClientRequest {
    private final Source source;

    private interface Source {
        SocketAddress remoteAddress();

        default Optional<String> path() {
            return Optional.empty();
        }

        default Optional<String> header(String name) {
            return Optional.empty();
        }

        default Optional<String> query(String name) {
            return Optional.empty();
        }

        default Optional<String> keyId() {
            return Optional.empty();
        }
    }

    private record OfSocket(UpgradeRequest request) implements Source {
        @Override
        public SocketAddress remoteAddress() {
            return request.remoteAddress();
        }

        @Override
        public Optional<String> path() {
            return Optional.of(request.path());
        }

        @Override
        public Optional<String> header(String name) {
            return request.header(name);
        }

        @Override
        public Optional<String> query(String name) {
            return request.query(name);
        }
    }

    private record OfConnection(Connection connection) implements Source {
        @Override
        public SocketAddress remoteAddress() {
            return connection.remoteAddress();
        }

        @Override
        public Optional<String> keyId() {
            return Optional.of(connection.keyId());
        }
    }

    ClientRequest(UpgradeRequest request) {
        this.source = new OfSocket(request);
    }

    ClientRequest(Connection connection) {
        this.source = new OfConnection(connection);
    }

    /** Address of the client; on a Unix socket it says little. */
    public SocketAddress remoteAddress() {
        return source.remoteAddress();
    }

    /** The path asked for, without the query: of the WebSocket, or of the status. Empty for framed connections. */
    public Optional<String> path() {
        return source.path();
    }

    /** The first header of this name, whose case does not matter. Empty for framed connections. */
    public Optional<String> header(String name) {
        return source.header(name);
    }

    /** The first parameter of this name in the query, decoded. Empty for framed connections. */
    public Optional<String> query(String name) {
        return source.query(name);
    }

    /** The id of the key that was proved. Empty for WebSockets. */
    public Optional<String> keyId() {
        return source.keyId();
    }

    /** Says no more than the address: the rest may be secret. */
    @Override
    public String toString() {
        return "ClientRequest[" + remoteAddress() + "]";
    }
}
