package io.mutil.cache;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Fetches once, keeps the answer in a directory, and answers from there until it is due.
 *
 * <pre>{@code
 * try (FetchCache cache = FetchCache.open(Path.of("cache"))) {                     // a day in America/New_York
 *     String symbols = cache.get("symbols", HttpRequest.newBuilder(uri).build()).text();
 * }
 * }</pre>
 *
 * <p>All that a request says is part of its key, its headers and credentials too, save what the builder is told to ignore. A name
 * stands for the address: requests with the same name and the same headers have the same answer.
 *
 * <p>A status other than 2xx is a {@link FetchFailedException}. Some are {@linkplain FetchCacheBuilder#negative remembered} for a
 * while; otherwise the next call asks again.
 *
 * <p>Callers of the same key at the same time share one fetch, in other processes on the same directory too. One that cancels
 * leaves the others alone; with the last one the fetch is cancelled. Safe for many threads. What depends on a future runs on a
 * thread of {@link FetchCacheBuilder#executor}, or in the caller if it was complete already; it may wait for this cache.
 *
 * <p>A disk that fails does not fail a call that the origin could answer, as long as there is {@linkplain
 * FetchCacheBuilder#memoryWithoutDisk room} for large bodies. Whatever goes wrong there is counted, and the answer stays in memory.
 */
public final class FetchCache implements AutoCloseable {
    private static final Logger LOG = System.getLogger(FetchCache.class.getName());

    private final Engine engine;
    private final CanonicalKey keys;
    private final HttpFetch http;
    private final List<AutoCloseable> owned;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** A cache with all defaults: an answer is good until the end of the day in New York. */
    public static FetchCache open(Path directory) {
        return builder(directory).open();
    }

    /** Begins the choices for a cache in a directory, which is made if it is not there. */
    public static FetchCacheBuilder builder(Path directory) {
        return new FetchCacheBuilder(directory);
    }

    /** @param owned closed after all else, in that order */
    FetchCache(Engine engine, CanonicalKey keys, HttpFetch http, List<AutoCloseable> owned) {
        this.engine = engine;
        this.keys = keys;
        this.http = http;
        this.owned = owned;
    }

    /**
     * The answer to a request.
     *
     * @throws FetchFailedException if the origin refuses, fails, or takes too long, and nothing stored may stand in; there is no other
     *     {@code IOException}
     * @throws IllegalArgumentException if the method is not GET or HEAD, or there is a body
     */
    public Answer get(HttpRequest request) throws IOException, InterruptedException {
        return get(request, Options.DEFAULT);
    }

    /** As {@link #get(HttpRequest)}, with choices for this call. */
    public Answer get(HttpRequest request, Options options) throws IOException, InterruptedException {
        Answer hit = engine.hit(keys.asItIs(request), options);
        return hit == null ? get(keys.of(request), request, options) : hit;
    }

    /** As {@link #get(HttpRequest)}, kept under a {@linkplain Key#named name}. */
    public Answer get(String name, HttpRequest request) throws IOException, InterruptedException {
        return get(name, request, Options.DEFAULT);
    }

    /** As {@link #get(HttpRequest)}, kept under a {@linkplain Key#named name}, with choices for this call. */
    public Answer get(String name, HttpRequest request, Options options) throws IOException, InterruptedException {
        return get(keys.of(name, request), request, options);
    }

    private Answer get(Key key, HttpRequest request, Options options) throws IOException, InterruptedException {
        Answer hit = engine.hit(key, options);
        return hit == null ? engine.get(new Ask(key, http.of(request), options)) : hit;
    }

    /** The answer of any function; it is {@linkplain Fetch called} only if nothing stored will do. */
    public Answer get(Key key, Fetch fetch) throws IOException, InterruptedException {
        return get(key, fetch, Options.DEFAULT);
    }

    /** As {@link #get(Key, Fetch)}, with choices for this call. */
    public Answer get(Key key, Fetch fetch, Options options) throws IOException, InterruptedException {
        Answer hit = engine.hit(key, options);
        return hit == null ? engine.get(new Ask(key, requireNonNull(fetch, "fetch"), options)) : hit;
    }

    /** The answer to a request; complete already if it is in memory. Fails as {@link #get(HttpRequest)} does. */
    public CompletableFuture<Answer> getAsync(HttpRequest request) {
        return getAsync(request, Options.DEFAULT);
    }

    /** As {@link #getAsync(HttpRequest)}, with choices for this call. */
    public CompletableFuture<Answer> getAsync(HttpRequest request, Options options) {
        CompletableFuture<Answer> hit = hit(keys.asItIs(request), options);
        return hit == null ? getAsync(keys.of(request), http.of(request), options) : hit;
    }

    /** As {@link #getAsync(HttpRequest)}, kept under a {@linkplain Key#named name}. */
    public CompletableFuture<Answer> getAsync(String name, HttpRequest request) {
        return getAsync(name, request, Options.DEFAULT);
    }

    /** As {@link #getAsync(HttpRequest)}, kept under a {@linkplain Key#named name}, with choices for this call. */
    public CompletableFuture<Answer> getAsync(String name, HttpRequest request, Options options) {
        return getAsync(keys.of(name, request), http.of(request), options);
    }

    /** The answer of any function; it is {@linkplain Fetch called} only if nothing stored will do. */
    public CompletableFuture<Answer> getAsync(Key key, Fetch fetch) {
        return getAsync(key, fetch, Options.DEFAULT);
    }

    /** As {@link #getAsync(Key, Fetch)}, with choices for this call. */
    public CompletableFuture<Answer> getAsync(Key key, Fetch fetch, Options options) {
        requireNonNull(fetch, "fetch");
        CompletableFuture<Answer> hit = hit(key, options);
        return hit == null ? engine.getAsync(new Ask(key, fetch, options)) : hit;
    }

    private @Nullable CompletableFuture<Answer> hit(Key key, Options options) {
        try {
            Answer hit = engine.hit(key, options);
            return hit == null ? null : CompletableFuture.completedFuture(hit);
        } catch (FetchFailedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** The key of a request. */
    public Key keyOf(HttpRequest request) {
        return keys.of(request);
    }

    /** The key of a request that is kept under a {@linkplain Key#named name}. */
    public Key keyOf(String name, HttpRequest request) {
        return keys.of(name, request);
    }

    /**
     * What is stored, without asking anybody: due answers too, as long as they are kept, from {@link Source#STALE}. Looks at the
     * disk.
     */
    public Optional<Answer> cached(Key key) {
        return engine.cached(key, Options.DEFAULT);
    }

    /** Whether an answer is stored that is not due. Looks at the disk. */
    public boolean contains(Key key) {
        return engine.contains(key);
    }

    /**
     * Forgets an answer. No later call gets what was asked for before; a fetch that is under way is begun again. Other processes
     * keep what they have in memory. Of the files that others stored under a {@linkplain Key#named name}, those go that the rule of
     * the cache names or that this one knows of; one that only the {@link Options} of a call name may stay.
     */
    public void invalidate(Key key) {
        engine.invalidate(key);
    }

    /** Forgets all answers, as {@link #invalidate} does one. */
    public void invalidateAll() {
        engine.invalidateAll();
    }

    /** Figures; cheap enough to ask for every second. */
    public CacheStats stats() {
        return engine.stats();
    }

    /**
     * Ends fetches, threads and client of this cache. Calls that wait fail, or get what may stand in; later ones throw {@link
     * IllegalStateException}. A fetch that does not heed its cancellation goes on, and nothing comes of it. What was answered from the disk can still be read. Doing it twice is fine.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            engine.close();
            http.close();
            owned.forEach(FetchCache::closeQuietly);
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "a part of the cache could not be closed", e);
        }
    }

    @Override
    public String toString() {
        return "FetchCache[" + stats() + "]";
    }
}
