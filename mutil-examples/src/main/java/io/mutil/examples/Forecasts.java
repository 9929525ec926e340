package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mutil.awssig.Credentials;
import io.mutil.awssig.HttpRequests;
import io.mutil.awssig.SigV4;
import io.mutil.awssig.Verification;
import io.mutil.awssig.Verifier;
import io.mutil.cache.Answer;
import io.mutil.cache.Fetch;
import io.mutil.cache.FetchCache;
import io.mutil.cache.Freshness;
import io.mutil.cache.Key;
import io.mutil.ratelimit.RateLimit;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that signs its requests, sends no more than the service allows, and asks only for what it does not have. */
public final class Forecasts {
    private static final List<String> CITIES = List.of("Bergen", "Lima", "Oslo", "Perth", "Quito", "Turin");

    private Forecasts() {}

    /** Asks a service in the same JVM for six forecasts, twice. */
    public static void main(String... args) throws IOException, InterruptedException {
        Credentials credentials = Credentials.of("DEMO", "no secret, this is a demo");
        Path directory = Files.createTempDirectory("forecasts");
        try (Service service = new Service(credentials);
                FetchCache cache = FetchCache.builder(directory)
                        .freshness(Freshness.ttl(Duration.ofMinutes(10)))
                        .open()) {
            var client = new Client(
                    service.address(),
                    SigV4.of("forecasts", "local", credentials),
                    RateLimit.of(3, Duration.ofSeconds(1)));
            for (int round = 1; round <= 2; round++) {
                for (String city : CITIES) {
                    Answer answer = cache.get(Key.of("forecast", city), client.fetch(city));
                    System.out.println(answer.text() + ", from " + answer.source());
                }
            }
            System.out.println(service.calls() + " requests");
        }
    }

    /** Asks for what the cache does not have. */
    private record Client(URI service, SigV4 signer, RateLimit limit, HttpClient http) {
        Client(URI service, SigV4 signer, RateLimit limit) {
            this(service, signer, limit, HttpClient.newHttpClient());
        }

        Fetch fetch(String city) {
            return Fetch.ofBytes(() -> limit.acquireAsync().thenCompose(waited -> send(city)));
        }

        /** Signs at the moment of sending, since a signature is good for minutes only. */
        private CompletableFuture<byte[]> send(String city) {
            HttpRequest request = HttpRequests.sign(signer, HttpRequest.newBuilder(service.resolve("/" + city)));
            return http.sendAsync(request, BodyHandlers.ofByteArray()).thenApply(this::body);
        }

        private byte[] body(HttpResponse<byte[]> response) {
            limit.observe(response.statusCode(), response.headers().map());
            if (response.statusCode() != 200) {
                throw new CompletionException(
                        new IOException("status " + response.statusCode() + ": " + new String(response.body(), UTF_8)));
            }
            return response.body();
        }
    }

    /** Answers who signs with the key it knows. */
    private static final class Service implements AutoCloseable {
        private final HttpServer server;
        private final Verifier verifier;
        private final AtomicInteger calls = new AtomicInteger();

        Service(Credentials client) throws IOException {
            verifier = Verifier.builder(
                            "forecasts",
                            "local",
                            key -> Optional.of(client)
                                    .filter(known -> known.accessKey().equals(key)))
                    .build();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::answer);
            server.start();
        }

        URI address() {
            return URI.create("http://localhost:" + server.getAddress().getPort());
        }

        int calls() {
            return calls.get();
        }

        private void answer(HttpExchange exchange) throws IOException {
            calls.incrementAndGet();
            String target = exchange.getRequestURI().toString();
            Verification found = verifier.verify(exchange.getRequestMethod(), target, exchange.getRequestHeaders());
            if (found instanceof Verification.Refused refused) {
                send(exchange, 403, refused.message());
            } else {
                send(exchange, 200, target.substring(1) + ": sunny");
            }
        }

        private static void send(HttpExchange exchange, int status, String text) throws IOException {
            byte[] body = text.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
