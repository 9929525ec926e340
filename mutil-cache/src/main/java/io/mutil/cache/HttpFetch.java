package io.mutil.cache;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Fetches by HTTP, with a client of its own unless the caller gave one. */
final class HttpFetch implements AutoCloseable {
    private static final Logger LOG = System.getLogger(HttpFetch.class.getName());
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final @Nullable HttpClient given;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable HttpClient own;
    private boolean closed;

    HttpFetch(@Nullable HttpClient given) {
        this.given = given;
    }

    Fetch of(HttpRequest request) {
        return (known, body) -> send(conditional(request, known), body);
    }

    /** Conditions of the caller's own would make the origin confirm what this cache may not have. */
    private static HttpRequest conditional(HttpRequest request, Validators known) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request, (name, value) -> !CanonicalKey.isCondition(name));
        known.etag().ifPresent(etag -> builder.setHeader("If-None-Match", etag));
        known.lastModified().ifPresent(date -> builder.setHeader("If-Modified-Since", date));
        return builder.build();
    }

    private CompletableFuture<Fetched> send(HttpRequest request, BodySink body) {
        boolean hasBody = !request.method().equals("HEAD");
        CompletableFuture<HttpResponse<Fetched>> response =
                client().sendAsync(request, info -> new SinkSubscriber(body, info, hasBody));
        var fetched = new CompletableFuture<Fetched>();
        var unusedArrival = response.whenComplete((answer, failure) -> {
            if (failure == null) {
                fetched.complete(answer.body());
            } else {
                fetched.completeExceptionally(failure);
            }
        });
        // only cancelling the future of the client itself ends its exchange
        var unusedEnd = fetched.whenComplete((answer, failure) -> {
            if (fetched.isCancelled()) {
                response.cancel(true);
            }
        });
        return fetched;
    }

    private HttpClient client() {
        if (given != null) {
            return given;
        }
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the cache is closed");
            }
            if (own == null) {
                own = HttpClient.newBuilder()
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .build();
            }
            return own;
        } finally {
            lock.unlock();
        }
    }

    /** From JDK 21 on a client can be closed; an older one ends its threads when nobody holds it. */
    @Override
    public void close() {
        HttpClient client;
        lock.lock();
        try {
            client = own;
            closed = true;
        } finally {
            lock.unlock();
        }
        if (client instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "the client could not be closed", e);
            }
        }
    }
}
