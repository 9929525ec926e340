package io.mutil.bench.fanout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Nginx with nchan, a server of channels: the driver publishes to it, and each key is a channel of its own. It keeps a
 * limited number of messages, so it may lose some.
 */
record NchanContestant(String name) implements Contestant {
    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so");
    private static final int FEW = 100;
    private static final int WINDOW_OF_FEW = 64;
    private static final int TRIES_TO_CONNECT = 100;
    private static final int MILLIS_BETWEEN = 50;

    @Override
    public Optional<String> missing() {
        return Files.isExecutable(NGINX) && Files.isReadable(MODULE)
                ? Optional.empty()
                : Optional.of("Debian's nginx and libnginx-mod-nchan");
    }

    @Override
    public boolean isLossless() {
        return false;
    }

    @Override
    public boolean comesBack() {
        return false;
    }

    /** With few clients it stops for good when more messages come at once. */
    @Override
    public int window(Traffic traffic) {
        int window = traffic.window();
        return traffic.clients() < FEW ? Math.min(window, WINDOW_OF_FEW) : window;
    }

    @Override
    public Proxy start(Sockets sockets, Traffic traffic, String heap) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("nchan");
        int port = freePort();
        Path configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, configuration(directory, port, traffic));
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        var child = new Child(
                List.of(NGINX.toString(), "-p", directory.toString(), "-e", "stderr", "-c", configuration.toString()));
        try {
            awaitListening(child, server);
            return new Running(directory, child, server, new Publishers(sockets, server, paths(traffic)));
        } catch (IOException | RuntimeException | InterruptedException e) {
            child.close();
            delete(directory);
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<String> paths(Traffic traffic) {
        return traffic.keyed()
                ? IntStream.range(0, traffic.keys())
                        .mapToObj(key -> "/pub/" + Tick.key(key))
                        .toList()
                : List.of("/pub/all");
    }

    private static void awaitListening(Child child, InetSocketAddress server) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES_TO_CONNECT && child.isAlive(); i++) {
            if (listens(server)) {
                return;
            }
            Thread.sleep(MILLIS_BETWEEN);
        }
        throw new IOException("nginx does not listen; what it printed above says why");
    }

    /** Messages of each channel that are kept. */
    private static int buffered(Traffic traffic) {
        return traffic.keyed() ? 2 * traffic.window() / traffic.keys() + 1 : traffic.window() + 1;
    }

    private static boolean listens(InetSocketAddress server) {
        try {
            new Socket(server.getAddress(), server.getPort()).close();
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String configuration(Path directory, int port, Traffic traffic) {
        return """
                load_module %1$s;
                daemon off;
                user root;
                worker_processes 2;
                worker_rlimit_nofile 20000;
                pid %2$s/nginx.pid;
                error_log stderr crit;
                events { worker_connections 10000; }
                http {
                    access_log off;
                    client_body_temp_path %2$s/body;
                    proxy_temp_path %2$s/proxy;
                    fastcgi_temp_path %2$s/fastcgi;
                    uwsgi_temp_path %2$s/uwsgi;
                    scgi_temp_path %2$s/scgi;
                    nchan_shared_memory_size 512m;
                    nchan_message_buffer_length %4$d;
                    nchan_message_timeout 1m;
                    server {
                        listen 127.0.0.1:%3$d backlog=4096;
                        location ~ ^/pub/(\\w+)$ { nchan_publisher websocket; nchan_channel_id $1; }
                        location ~ ^/sub/(\\w+)$ {
                            nchan_subscriber websocket;
                            nchan_channel_id $1;
                            nchan_subscriber_first_message newest;
                        }
                    }
                }
                """.formatted(MODULE, directory, port, buffered(traffic));
    }

    /** Nginx ends when it is told to. */
    private record Running(Path directory, Child child, InetSocketAddress address, Publishers inlet) implements Proxy {
        @Override
        public Subscription subscription(Traffic traffic, int client) {
            return Subscription.byPath(traffic, client);
        }

        @Override
        public OptionalLong residentBytes() {
            return child.residentBytes();
        }

        @Override
        public void close() {
            inlet.close();
            child.close();
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
