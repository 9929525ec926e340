package io.mutil.bench.service;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mutil.cache.Fetch;
import io.mutil.cache.FetchCache;
import io.mutil.cache.FetchCacheBuilder;
import io.mutil.cache.Key;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Answers by number, all of which a cache has. */
interface StoredAnswers extends AutoCloseable {
    /** What the cache gives: from a disk the bytes, from memory what holds them. */
    Object get(int number) throws Exception;

    @Override
    void close() throws IOException;

    static StoredAnswers inMemory(String who, Path directory, int entries, int bytes) throws Exception {
        byte[] body = body(bytes);
        return warm(
                entries,
                switch (who) {
                    case "mutil" -> new ByKey(FetchCache.builder(directory), entries, body);
                    case "mutilRequest" -> new ByRequest(directory, entries, body);
                    case "caffeine" -> new InCaffeine(entries, body);
                    default -> throw new IllegalArgumentException("no such contestant: " + who);
                });
    }

    static StoredAnswers onDisk(String who, Path directory, int entries, int bytes) throws Exception {
        byte[] body = body(bytes);
        return warm(
                entries,
                switch (who) {
                    case "mutil" -> new FromDisk(FetchCache.builder(directory).memory(0), entries, body);
                    case "okhttp" -> new InOkHttp(directory, entries, body);
                    default -> throw new IllegalArgumentException("no such contestant: " + who);
                });
    }

    private static byte[] body(int bytes) {
        byte[] body = new byte[bytes];
        new Random(7).nextBytes(body);
        return body;
    }

    /** Asks once for each, so that it is stored. */
    private static StoredAnswers warm(int entries, StoredAnswers opened) throws Exception {
        for (int i = 0; i < entries; i++) {
            Objects.requireNonNull(opened.get(i));
        }
        return opened;
    }

    /** Asked by a key. */
    class ByKey implements StoredAnswers {
        final FetchCache cache;
        final Key[] keys;
        final Fetch fetch;

        ByKey(FetchCacheBuilder builder, int entries, byte[] body) {
            cache = builder.open();
            keys = IntStream.range(0, entries)
                    .mapToObj(i -> Key.of("https://example.org/" + i))
                    .toArray(Key[]::new);
            fetch = Fetch.ofBytes(() -> CompletableFuture.completedFuture(body));
        }

        @Override
        public Object get(int number) throws Exception {
            return cache.get(keys[number], fetch);
        }

        @Override
        public void close() {
            cache.close();
        }
    }

    /** Asked by a key, and read whole. */
    final class FromDisk extends ByKey {
        FromDisk(FetchCacheBuilder builder, int entries, byte[] body) {
            super(builder, entries, body);
        }

        @Override
        public Object get(int number) throws Exception {
            return cache.get(keys[number], fetch).bytes();
        }
    }

    /** Asked by requests, which a loopback server has answered once. */
    final class ByRequest implements StoredAnswers {
        private final FetchCache cache;
        private final HttpRequest[] requests;

        ByRequest(Path directory, int entries, byte[] body) throws IOException, InterruptedException {
            cache = FetchCache.open(directory);
            try (var server = new OneAnswer(body)) {
                requests = IntStream.range(0, entries)
                        .mapToObj(i -> HttpRequest.newBuilder(URI.create(server.address() + "/" + i))
                                .build())
                        .toArray(HttpRequest[]::new);
                for (HttpRequest request : requests) {
                    Objects.requireNonNull(cache.get(request));
                }
            }
        }

        @Override
        public Object get(int number) throws Exception {
            return cache.get(requests[number]);
        }

        @Override
        public void close() {
            cache.close();
        }
    }

    /** The map alone. */
    final class InCaffeine implements StoredAnswers {
        private final Cache<Key, byte[]> cache = Caffeine.newBuilder()
                .maximumWeight(64 << 20)
                .weigher((Key key, byte[] value) -> value.length)
                .executor(Runnable::run)
                .build();
        private final Key[] keys;

        InCaffeine(int entries, byte[] body) {
            keys = IntStream.range(0, entries)
                    .mapToObj(i -> Key.of("https://example.org/" + i))
                    .toArray(Key[]::new);
            for (Key key : keys) {
                cache.put(key, body);
            }
        }

        @Override
        public Object get(int number) {
            return Objects.requireNonNull(cache.getIfPresent(keys[number]));
        }

        @Override
        public void close() {
            cache.invalidateAll();
        }
    }

    /** OkHttp, which a loopback server has answered once. */
    final class InOkHttp implements StoredAnswers {
        private final okhttp3.Cache cache;
        private final OkHttpClient client;
        private final Request[] requests;

        InOkHttp(Path directory, int entries, byte[] body) throws IOException {
            cache = new okhttp3.Cache(directory.toFile(), 1L << 30);
            try (var server = new OneAnswer(body)) {
                client = new OkHttpClient.Builder().cache(cache).build();
                requests = IntStream.range(0, entries)
                        .mapToObj(i -> new Request.Builder()
                                .url(server.address() + "/" + i)
                                .build())
                        .toArray(Request[]::new);
                for (int i = 0; i < entries; i++) {
                    Objects.requireNonNull(get(i));
                }
            }
        }

        @Override
        public Object get(int number) throws IOException {
            try (Response response = client.newCall(requests[number]).execute()) {
                return response.body().bytes();
            }
        }

        @Override
        public void close() throws IOException {
            cache.close();
        }
    }
}
