package io.mutil.ratelimit;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Choices for a {@link RateLimit}. Single use, not thread-safe. */
public final class RateLimitBuilder {
    private static final int DEFAULT_WAITERS = 10_000;

    private final List<Rule> rules;
    private Duration margin = Duration.ZERO;
    private int maxWaiters = DEFAULT_WAITERS;
    private Duration longestHold = Duration.ofDays(1);
    private @Nullable ScheduledExecutorService scheduler;
    private @Nullable LimitStore store;
    private String storeKey = "";
    private InstantSource clock = Clock.systemUTC();
    private LongSupplier nanoTime = System::nanoTime;
    private LongSupplier random = () -> ThreadLocalRandom.current().nextLong();

    RateLimitBuilder(List<Rule> rules) {
        this.rules = rules;
    }

    private RateLimitBuilder(RateLimitBuilder other) {
        rules = other.rules;
        margin = other.margin;
        maxWaiters = other.maxWaiters;
        longestHold = other.longestHold;
        scheduler = other.scheduler;
        store = other.store;
        storeKey = other.storeKey;
        clock = other.clock;
        nanoTime = other.nanoTime;
        random = other.random;
    }

    /**
     * How much later one request may arrive than another that was sent at the same time. The server counts arrivals, so
     * windows are widened by this much, a pace is slowed down where a burst would pass it, and permits that are handed out so
     * close to a reset, before or after, count on both sides of it. It also covers a wall clock that is off by as much.
     *
     * @param margin not negative, at most a quarter of each fixed window; default zero
     */
    public RateLimitBuilder margin(Duration margin) {
        this.margin = Checks.notNegative("margin", margin);
        return this;
    }

    /**
     * How many callers may wait at the same time, reservations included; more are refused with a {@link
     * java.util.concurrent.RejectedExecutionException}.
     *
     * @param waiters positive; default 10,000
     */
    public RateLimitBuilder maxWaiters(int waiters) {
        maxWaiters = Checks.positive("maxWaiters", waiters);
        return this;
    }

    /**
     * The longest for which one response holds back, whatever it says.
     *
     * @param hold positive; default one day
     */
    public RateLimitBuilder longestHold(Duration hold) {
        longestHold = Checks.span("longestHold", hold);
        return this;
    }

    /**
     * Has the timers of futures, and completes them. Default: one daemon thread for all limits, {@code mutil-ratelimit}.
     *
     * <p>Once it takes no more timers, futures that would need one fail, and with a {@linkplain #store store} all who would, threads
     * too. One that drops what it was given, as {@code shutdownNow} does, leaves the first future in the line where it is, and all
     * behind it, until it is cancelled. With a store it may also drop the completion of futures whose permits were counted: these
     * are never completed, and their permits count, even if they are cancelled.
     */
    public RateLimitBuilder scheduler(ScheduledExecutorService scheduler) {
        this.scheduler = requireNonNull(scheduler, "scheduler");
        return this;
    }

    /**
     * Keeps the books in a store, where others share them. Default: in the limit itself.
     *
     * <p>Then every attempt, {@code tryAcquire} too, waits for the store's answer to it and to those before it; an answer takes
     * at most ten seconds, or the attempt fails. Threads that wait need the timers of the {@linkplain #scheduler scheduler} too,
     * and so does an attempt whose answer never comes.
     * {@code peek} knows only how long somebody is known to wait, and {@code reserve} is not supported.
     *
     * @param key of the books in the store
     */
    public RateLimitBuilder store(LimitStore store, String key) {
        this.store = requireNonNull(store, "store");
        storeKey = requireNonNull(key, "key");
        return this;
    }

    /** The wall clock, for fixed windows and for dates in responses. Default: the system's. */
    public RateLimitBuilder clock(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
        return this;
    }

    /** For tests: the clock of everything else. */
    RateLimitBuilder nanoTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        return this;
    }

    /** For tests: the seeds of delays after resets. */
    RateLimitBuilder random(LongSupplier random) {
        this.random = random;
        return this;
    }

    /**
     * Makes the limit.
     *
     * @throws IllegalArgumentException if the margin is too wide for a fixed window
     */
    public RateLimit build() {
        return build(new Ticks(nanoTime, clock), storeKey);
    }

    /**
     * Makes one limit for each key, all of them with these choices.
     *
     * <p>With a {@linkplain #store store} the books of a key have the text of the key, as {@code toString} tells it, in their
     * name there: so it should tell all that differs, and nothing secret. An API key wants a hash of it for a key.
     *
     * @param maxKeys how many there are at most that {@linkplain KeyedRateLimit cannot be forgotten}; positive
     * @param <K> has {@code equals} and {@code hashCode}
     */
    public <K> KeyedRateLimit<K> keyed(int maxKeys) {
        Checks.positive("maxKeys", maxKeys);
        var ticks = new Ticks(nanoTime, clock);
        var choices = new RateLimitBuilder(this);
        var unused = choices.build(ticks, storeKey);
        return new KeyedRateLimit<>(maxKeys, ticks, key -> choices.build(ticks, storeKey + ":" + key));
    }

    private RateLimit build(Ticks ticks, String key) {
        ScheduledExecutorService timers = scheduler == null ? SharedScheduler.instance() : scheduler;
        Gate gate = store == null
                ? new LocalGate(
                        new GateState(new Books(rules, margin.toNanos(), ticks, random), ticks, maxWaiters),
                        timers,
                        longestHold.toNanos())
                : storeGate(store, key, ticks, timers);
        return new RateLimit(gate, new ReplyReader(clock));
    }

    private Gate storeGate(LimitStore store, String key, Ticks ticks, ScheduledExecutorService timers) {
        long margin = this.margin.toNanos();
        LongSupplier random = this.random;
        Function<List<Rule>, StoreLine.Terms> terms = rules -> {
            // not to count in, but to find out what they allow, and whether the margin fits them
            var books = new Books(rules, margin, ticks, random);
            return new StoreLine.Terms(rules, books.most(), Books.isWall(rules));
        };
        var client = new StoreClient(store, key, this.margin);
        var line = new StoreLine(client, terms.apply(rules), ticks, timers, maxWaiters);
        return new StoreGate(line, ticks, longestHold.toNanos(), terms);
    }
}
