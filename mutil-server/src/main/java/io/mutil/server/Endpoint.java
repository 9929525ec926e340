package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a {@link Server} listens and a {@link Client} connects: a TCP port, a Unix socket, or a path of a WebSocket
 * server.
 *
 * <p>A value. Its text is a URI without secrets, as {@code tcp://127.0.0.1:2221}, {@code unix:/run/feed.sock} or
 * {@code ws://127.0.0.1:2221/feed}.
 *
 * <pre>{@code
 * Endpoint any = Endpoint.tcp(0);                                  // a free port of loopback
 * Endpoint local = Endpoint.unix(Path.of("/run/feed.sock"));
 * Endpoint web = Endpoint.webSocket("0.0.0.0", 8080, "/feed");     // every IPv4 address of the machine
 * }</pre>
 */
public sealed interface Endpoint {
    /**
     * A TCP port of loopback.
     *
     * @param port 0 to 65535; a server that listens on 0 gets a free one
     */
    static Tcp tcp(int port) {
        return tcp(Addresses.LOOPBACK, port);
    }

    /**
     * A TCP port.
     *
     * @param host a name or address; a server listens on that address only, or on all with {@code 0.0.0.0} or {@code ::}
     * @param port 0 to 65535; a server that listens on 0 gets a free one
     */
    static Tcp tcp(String host, int port) {
        return new Tcp(host, port);
    }

    /**
     * A Unix socket.
     *
     * @param path of the socket file, at most 107 bytes on Linux and 103 elsewhere
     */
    static Unix unix(Path path) {
        return new Unix(path);
    }

    /** A path of a WebSocket server on loopback, as {@link #webSocket(String, int, String)}. */
    static Web webSocket(int port, String path) {
        return webSocket(Addresses.LOOPBACK, port, path);
    }

    /**
     * A path of a WebSocket server. The frames of a connection travel as one stream of bytes in binary messages, whose
     * borders mean nothing.
     *
     * @param host a name or address; a server listens on that address only, or on all with {@code 0.0.0.0} or {@code ::}
     * @param port 0 to 65535; a server that listens on 0 gets a free one
     * @param path begins with a slash and has no query
     */
    static Web webSocket(String host, int port, String path) {
        return new Web(host, port, path);
    }

    /**
     * The port.
     *
     * @throws IllegalStateException if this is a Unix socket
     */
    int port();

    /**
     * A TCP port; made by {@link Endpoint#tcp(String, int)}.
     *
     * @param host a name or address
     * @param port 0 to 65535
     */
    record Tcp(String host, int port) implements Endpoint {
        /**
         * Checks the components.
         *
         * @throws IllegalArgumentException if the host is empty or the port out of range
         */
        public Tcp {
            Addresses.checkHost(host);
            Addresses.checkPort(port);
        }

        @Override
        public String toString() {
            return "tcp://" + Addresses.authority(host, port);
        }
    }

    /**
     * A Unix socket; made by {@link Endpoint#unix}.
     *
     * @param path of the socket file
     */
    record Unix(Path path) implements Endpoint {
        /**
         * Checks the component.
         *
         * @throws IllegalArgumentException if the path is empty, or longer than a socket address holds
         */
        public Unix {
            int length = requireNonNull(path, "path").toString().getBytes(UTF_8).length;
            if (length == 0) {
                throw new IllegalArgumentException("path of a Unix socket must not be empty");
            }
            int max = maxPathBytes();
            if (length > max) {
                throw new IllegalArgumentException("path of a Unix socket must have at most " + max + " bytes, had "
                        + length + ": " + path + "; use a shorter directory, or a relative path");
            }
        }

        private static int maxPathBytes() {
            boolean linux =
                    System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
            return linux ? 107 : 103;
        }

        @Override
        public int port() {
            throw new IllegalStateException(this + " has no port; clients connect with its path");
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * A path of a WebSocket server; made by {@link Endpoint#webSocket(String, int, String)}.
     *
     * @param host a name or address
     * @param port 0 to 65535
     * @param path begins with a slash
     */
    record Web(String host, int port, String path) implements Endpoint {
        /**
         * Checks the components.
         *
         * @throws IllegalArgumentException if the host is empty, the port out of range, or the path no path of a URI
         */
        public Web {
            Addresses.checkHost(host);
            Addresses.checkPort(port);
            Addresses.checkPath(path);
        }

        @Override
        public String toString() {
            return "ws://" + Addresses.authority(host, port) + path;
        }
    }
}
