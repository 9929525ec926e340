package io.mutil.cache;

import static java.util.Objects.requireNonNull;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Choices for a {@link FetchCache}. Single use, not thread-safe. */
public final class FetchCacheBuilder {
    private static final int THREADS = 8;
    private static final int IDLE_SECONDS = 10;
    private static final int OPEN_ANSWERS = 64;
    /** What describes a body and how long it holds; nothing of it says who asked. */
    private static final Set<String> KEPT_HEADERS = Set.of(
            "age",
            "cache-control",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-length",
            "content-range",
            "content-type",
            "date",
            "etag",
            "expires",
            "last-modified");

    private final Path directory;
    private final Set<String> keptHeaders = new HashSet<>(KEPT_HEADERS);
    private final Set<String> ignoredHeaders = new HashSet<>();
    private final Set<String> ignoredParameters = new HashSet<>();
    private Freshness freshness = Freshness.endOfDay(ZoneId.of("America/New_York"));
    private Duration staleWhileRevalidate = Duration.ZERO;
    private Duration staleIfError = Duration.ZERO;
    private Set<Integer> negative = Set.of(404, 410);
    private Duration negativeTtl = Duration.ofMinutes(1);
    private long memoryBytes = 64L << 20;
    private int memoryEntry = 1 << 20;
    private long diskBytes = 1L << 30;
    private long diskEntries = 100_000;
    private long maxBodyBytes = 1L << 30;
    private int memoryWithoutDisk = 64 << 20;
    private int maxFetches = 64;
    private int maxWaiting = 10_000;
    private Duration timeout = Duration.ofSeconds(30);
    private @Nullable HttpClient client;
    private @Nullable Executor executor;

    FetchCacheBuilder(Path directory) {
        this.directory = requireNonNull(directory, "directory");
    }

    /** Until when answers are served without asking again. Default the end of the day in America/New_York. */
    public FetchCacheBuilder freshness(Freshness freshness) {
        this.freshness = requireNonNull(freshness, "freshness");
        return this;
    }

    /**
     * For how long after that an answer is served at once while it is fetched again; after a failure not within a second. Default
     * not at all.
     */
    public FetchCacheBuilder staleWhileRevalidate(Duration limit) {
        staleWhileRevalidate = Millis.checkNotNegative("staleWhileRevalidate", limit);
        return this;
    }

    /**
     * For how long after that an answer is served when the origin fails: it cannot be reached, does not answer in time, or says
     * 5xx, 408 or 429. Default not at all.
     */
    public FetchCacheBuilder staleIfError(Duration limit) {
        staleIfError = Millis.checkNotNegative("staleIfError", limit);
        return this;
    }

    /**
     * For how long refusals are remembered, so that the origin is not asked again. Default a minute, for 404 and 410. Trouble, such
     * as 503, is remembered only if no stale answer may stand in.
     *
     * @param statuses which; none to remember nothing
     */
    public FetchCacheBuilder negative(Duration ttl, int... statuses) {
        negativeTtl = Millis.checkPositive("ttl", ttl);
        for (int status : statuses) {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("status must be from 400 to 599, was " + status);
            }
        }
        negative = Set.copyOf(Arrays.stream(statuses).boxed().toList());
        return this;
    }

    /** How much memory holds, keys and overhead included. Default 64 MiB; 0 for none. */
    public FetchCacheBuilder memory(long bytes) {
        memoryBytes = checkNotNegative("memory", bytes);
        return this;
    }

    /**
     * The largest body that is held in memory, also while it is fetched. Default 1 MiB. A larger one goes to the disk as it arrives
     * and is read from there.
     */
    public FetchCacheBuilder memoryEntry(int bytes) {
        memoryEntry = (int) checkNotNegative("memoryEntry", bytes);
        return this;
    }

    /**
     * How much the disk holds; what was not used for longest goes first. A fetch of a body that is larger fails, unless {@link
     * #memoryEntry} lets it through. Bodies that are just being fetched come on top of that, at most as many as there are {@link
     * #maxFetches}. Default 1 GiB in 100,000 entries.
     */
    public FetchCacheBuilder disk(long bytes, long entries) {
        diskBytes = checkPositive("bytes", bytes);
        diskEntries = checkPositive("entries", entries);
        return this;
    }

    /** The largest body; a fetch of a larger one fails. Default 1 GiB. */
    public FetchCacheBuilder maxBodyBytes(long bytes) {
        maxBodyBytes = checkPositive("maxBodyBytes", bytes);
        return this;
    }

    /**
     * How many bytes of larger bodies are held in memory after all while they are fetched, because the disk fails or the response
     * must not be stored; all of them together. A fetch that finds no room fails. Default 64 MiB.
     */
    public FetchCacheBuilder memoryWithoutDisk(int bytes) {
        memoryWithoutDisk = (int) checkPositive("memoryWithoutDisk", bytes);
        return this;
    }

    /** How many fetches run at a time; others wait in the order in which they came. Default 64. */
    public FetchCacheBuilder maxFetches(int fetches) {
        maxFetches = (int) checkPositive("maxFetches", fetches);
        return this;
    }

    /** How many calls wait at a time; one more fails, unless something stale may stand in. Default 10,000. */
    public FetchCacheBuilder maxWaiting(int calls) {
        maxWaiting = (int) checkPositive("maxWaiting", calls);
        return this;
    }

    /**
     * How long a caller waits at most, and after which time from its beginning a fetch is cancelled that has not the last byte; who
     * joined it late is told so too, before its own time is up. That holds even if the disk hangs, save for
     * calls that look at it in their own thread, such as {@link FetchCache#get}; such a look takes as long as it takes. Default 30
     * seconds.
     */
    public FetchCacheBuilder timeout(Duration timeout) {
        this.timeout = Millis.checkPositive("timeout", timeout);
        return this;
    }

    /** Request headers that do not matter: requests that differ in them only have one answer. Default none. */
    public FetchCacheBuilder ignoreHeaders(String... names) {
        addInLowerCase(ignoredHeaders, names);
        return this;
    }

    /** Query parameters that do not matter, as {@link #ignoreHeaders}; for instance a signature. Default none. */
    public FetchCacheBuilder ignoreParameters(String... names) {
        ignoredParameters.addAll(List.of(names));
        return this;
    }

    /**
     * Response headers that are kept besides those that describe the body, its freshness and its validators. They go to the disk as
     * they are: name none that carries a secret.
     */
    public FetchCacheBuilder keepHeaders(String... names) {
        addInLowerCase(keptHeaders, names);
        return this;
    }

    private static void addInLowerCase(Set<String> to, String... names) {
        Arrays.stream(names).map(name -> name.toLowerCase(Locale.ROOT)).forEach(to::add);
    }

    /**
     * The client for requests. It stays the caller's. What it adds to requests by itself, such as cookies, is not part of a key.
     * Default one that connects within 10 seconds and follows redirects, though not from HTTPS to HTTP.
     *
     * <p>A redirect to another host takes the headers of the request along, such as an {@code X-Api-Key}: JDK 25 leaves out {@code
     * Authorization} and {@code Cookie}, JDK 17 nothing. If that must not be, give a client that does not follow.
     */
    public FetchCacheBuilder client(HttpClient client) {
        this.client = requireNonNull(client, "client");
        return this;
    }

    /**
     * Threads for code of the caller's: each {@link Fetch} is called there, and futures complete there, so that what depends on them
     * runs there. They stay the caller's. Default a virtual thread each time, before JDK 21 as many daemon threads named {@code
     * fetch-cache-callback} as are needed, up to 1000; such code may wait for anything, also for this cache, as long as fewer
     * than that wait at a time. With few threads it must not, since all of them might wait for one that is free. The executor itself
     * must neither block nor run work in the thread that asks: that may be the one which ends what takes too long. What it refuses
     * runs on a thread of the cache that others need for the disk.
     */
    public FetchCacheBuilder executor(Executor executor) {
        this.executor = requireNonNull(executor, "executor");
        return this;
    }

    private static long checkNotNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " must not be negative, was " + value);
        }
        return value;
    }

    private static long checkPositive(String what, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be positive, was " + value);
        }
        return value;
    }

    Settings settings() {
        return new Settings(
                freshness,
                Millis.of(staleWhileRevalidate),
                Millis.of(staleIfError),
                negative,
                Millis.of(negativeTtl),
                memoryBytes,
                memoryEntry,
                maxBodyBytes,
                memoryWithoutDisk,
                maxFetches,
                maxWaiting,
                Millis.of(timeout),
                Set.copyOf(keptHeaders),
                openAnswers(),
                diskBytes);
    }

    /** Elsewhere an open file could not be replaced. */
    private int openAnswers() {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix") ? OPEN_ANSWERS : 0;
    }

    CanonicalKey keys() {
        return new CanonicalKey(Set.copyOf(ignoredHeaders), Set.copyOf(ignoredParameters));
    }

    /** Opens the cache. A directory that cannot be used does not throw: the cache then has its memory only. */
    public FetchCache open() {
        var owned = new ArrayList<AutoCloseable>();
        ScheduledThreadPoolExecutor alarms = alarms();
        owned.add(alarms::shutdownNow);
        ThreadPoolExecutor threads = threads();
        owned.add(threads::shutdown);
        Executor callbacks = executor;
        if (callbacks == null) {
            ExecutorService own = CallbackThreads.start(daemons("fetch-cache-callback"));
            owned.add(own::shutdown);
            callbacks = own;
        }
        var all = new Threads(threads, callbacks, alarms);
        var engine = new Engine(
                settings(),
                FileDisk.open(directory, diskBytes, diskEntries, all),
                Salt.of(directory),
                System::currentTimeMillis,
                () -> ThreadLocalRandom.current().nextDouble(),
                all);
        return new FetchCache(engine, keys(), new HttpFetch(client), owned);
    }

    private static ScheduledThreadPoolExecutor alarms() {
        var alarms = new ScheduledThreadPoolExecutor(1, daemons("fetch-cache-timer"));
        alarms.setRemoveOnCancelPolicy(true);
        return alarms;
    }

    private static ThreadPoolExecutor threads() {
        var threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons("fetch-cache"));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static ThreadFactory daemons(String name) {
        var number = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, name + '-' + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
