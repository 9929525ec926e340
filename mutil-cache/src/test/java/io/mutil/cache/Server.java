package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

/** A server on loopback that counts what it is asked. {@code /slow} never ends, {@code /torn} ends too early. */
final class Server implements AutoCloseable {
    static final int LARGE = 8 << 20;
    static final int HUGE = 64 << 20;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "test-server");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final Map<String, List<Headers>> seen = new ConcurrentHashMap<>();
    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final AtomicInteger brokenPipes = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    Server() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        handlers.put("/slow", this::drip);
        handlers.put("/large", exchange -> sendBlocks(exchange, LARGE));
        handlers.put("/huge", exchange -> sendBlocks(exchange, HUGE));
        handlers.put("/torn", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(new byte[10]);
            exchange.getResponseBody().flush();
            throw new IOException("torn on purpose");
        });
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.computeIfAbsent(path, p -> new AtomicInteger()).incrementAndGet();
        seen.computeIfAbsent(path, p -> Collections.synchronizedList(new ArrayList<>()))
                .add(copyOf(exchange.getRequestHeaders()));
        try (exchange) {
            Handler handler = handlers.get(path);
            if (handler == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                handler.handle(exchange);
            }
        }
    }

    private static Headers copyOf(Headers headers) {
        var copy = new Headers();
        copy.putAll(headers);
        return copy;
    }

    /** A byte now and then, until the other side is gone. */
    private void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            while (!closed.await(10, TimeUnit.MILLISECONDS)) {
                out.write(1);
                out.flush();
            }
        } catch (IOException e) {
            brokenPipes.incrementAndGet();
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] block(int number) {
        byte[] block = new byte[1024];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) ((i * 31) + number);
        }
        return block;
    }

    private static void sendBlocks(HttpExchange exchange, int length) throws IOException {
        exchange.sendResponseHeaders(200, length);
        for (int i = 0; i < length / 1024; i++) {
            exchange.getResponseBody().write(block(i));
        }
    }

    static long largeChecksum() {
        return checksum(LARGE);
    }

    static long hugeChecksum() {
        return checksum(HUGE);
    }

    private static long checksum(int length) {
        var crc = new CRC32();
        for (int i = 0; i < length / 1024; i++) {
            crc.update(block(i));
        }
        return crc.getValue();
    }

    void answers(String path, int status, String body, String... headers) {
        answers(path, status, body.getBytes(UTF_8), headers);
    }

    void answers(String path, int status, byte[] body, String... headers) {
        handlers.put(path, exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            send(exchange, status, body);
        });
    }

    void answersWithTag(String path, String tag, String body) {
        handlers.put(path, exchange -> {
            exchange.getResponseHeaders().add("ETag", tag);
            boolean known = tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            send(exchange, known ? 304 : 200, known ? new byte[0] : body.getBytes(UTF_8));
        });
    }

    /** Takes its time, so that others come meanwhile. */
    void answersAfter(String path, long millis, String body) {
        handlers.put(path, exchange -> {
            try {
                var unused = closed.await(millis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            send(exchange, 200, body.getBytes(UTF_8));
        });
    }

    /** Answers with what a header of the request says. */
    void echoes(String path, String header) {
        handlers.put(
                path,
                exchange -> send(
                        exchange,
                        200,
                        exchange.getRequestHeaders().getFirst(header).getBytes(UTF_8)));
    }

    /** To HEAD it says how long the body of GET is, as servers do. */
    void announces(String path, long length) {
        handlers.put(path, exchange -> {
            exchange.getResponseHeaders().add("Content-Length", Long.toString(length));
            exchange.sendResponseHeaders(200, -1);
        });
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean bare = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, bare ? -1 : body.length);
        if (!bare) {
            exchange.getResponseBody().write(body);
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    int requests(String path) {
        AtomicInteger count = requests.get(path);
        return count == null ? 0 : count.get();
    }

    /** What a header said in the requests that had it. */
    List<String> seen(String path, String header) {
        return List.copyOf(Objects.requireNonNull(seen.get(path))).stream()
                .flatMap(headers -> headers.getOrDefault(header, List.of()).stream())
                .toList();
    }

    int brokenPipes() {
        return brokenPipes.get();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
