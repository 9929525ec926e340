package io.mutil.ratelimit;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
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
    private LongSupplier random = new SecureRandom()::nextLong;

    RateLimitBuilder(List<Rule> rules) {
        this.rules = rules;
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

    /** Has the timers of futures, and completes them. Default: one daemon thread for all limits, {@code mutil-ratelimit}. */
    public RateLimitBuilder scheduler(ScheduledExecutorService scheduler) {
        this.scheduler = requireNonNull(scheduler, "scheduler");
        return this;
    }

    /**
     * Keeps the books in a store, where others share them. Default: in the limit itself.
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
     * @param maxKeys how many there are at most, of which at least one permit still counts or somebody waits; positive
     * @param <K> has {@code equals} and {@code hashCode}
     */
    public <K> KeyedRateLimit<K> keyed(int maxKeys) {
        Checks.positive("maxKeys", maxKeys);
        var ticks = new Ticks(nanoTime, clock);
        var unused = build(ticks, storeKey);
        return new KeyedRateLimit<>(maxKeys, ticks, key -> build(ticks, storeKey + ":" + key));
    }

    private RateLimit build(Ticks ticks, String key) {
        ScheduledExecutorService timers = scheduler == null ? SharedScheduler.instance() : scheduler;
        Gate gate = store == null
                ? new LocalGate(
                        new GateState(new Books(rules, margin.toNanos(), ticks, random), ticks, maxWaiters),
                        timers,
                        longestHold.toNanos())
                : new StoreGate(store, key, rules, margin, ticks, timers, maxWaiters, longestHold.toNanos());
        return new RateLimit(gate, new ReplyReader(clock));
    }
}
