package io.mutil.server;

import static java.util.Objects.requireNonNull;

import java.net.URI;

/** The parts of addresses: what they may hold and how they are written. */
final class Addresses {
    static final String LOOPBACK = "127.0.0.1";

    private Addresses() {}

    static void checkHost(String host) {
        if (requireNonNull(host, "host").isBlank()) {
            throw new IllegalArgumentException("host must not be empty; use " + LOOPBACK + " for this machine only");
        }
    }

    static void checkPort(int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be from 0 to 65535, was " + port);
        }
    }

    /** Refuses what the path of a URI may not hold, and a query. */
    static void checkPath(String path) {
        if (!path.startsWith("/") || !path.equals(URI.create("ws://host" + path).getRawPath())) {
            throw new IllegalArgumentException("path must begin with / and have no query, was " + path);
        }
    }

    /** Host and port as a URI has them. */
    static String authority(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
