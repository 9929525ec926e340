package io.mutil.ratelimit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * One limit for each key, such as an API key or a host, all by the same rules.
 *
 * <pre>{@code
 * KeyedRateLimit<String> hosts = RateLimit.builder(Rule.slidingWindow(10, Duration.ofSeconds(1))).keyed(1_000);
 * hosts.of("example.org").acquire();
 * }</pre>
 *
 * <p>A limit may be forgotten once no permit of it counts any more, the server does not hold it back, nobody waits, and its rules
 * are those it began with: then a new one is no different, except that its figures, and how often the server refused without
 * saying for how long, are gone. That is looked for as keys are added, not before there are 64 or as many as may be. If there are
 * as many as may be and none can be forgotten, a new key is refused, since to forget any of them would let too much through. So
 * keys whose rules were {@linkplain RateLimit#change changed} stay until they are changed back.
 *
 * <p>What a server said keeps a limit, be it for a day: a long {@code Retry-After} for each of as many keys as may be lets no
 * new one in for as long, unless {@link RateLimitBuilder#longestHold} says less. With a {@linkplain RateLimitBuilder#store store}
 * permits count there, and keep no limit here from being forgotten; all else does.
 *
 * <p>Who still holds a forgotten limit may go on using it; it works on the books of the one that took its place, for which it
 * may have to be added again. Where that is refused, so is what was asked of the forgotten limit, with the same {@link
 * RejectedExecutionException}; {@code peek}, {@code rules} and {@code stats} tell of its own empty books then.
 *
 * <p>Safe for use by many threads.
 *
 * @param <K> has {@code equals} and {@code hashCode}
 */
public final class KeyedRateLimit<K> {
    private static final int FIRST_SWEEP = 64;
    /** A limit may be idle sooner than it looked, if callers give up or give back. */
    private static final long LONGEST_REST = Duration.ofMillis(100).toNanos();

    private final int maxKeys;
    private final Ticks ticks;
    private final Function<K, RateLimit> maker;
    private final ConcurrentHashMap<K, RateLimit> limits = new ConcurrentHashMap<>();

    private final ReentrantLock adding = new ReentrantLock();
    // ---- with the lock
    private int sweepAt;
    /** When the next limit can be forgotten, as far as is known. */
    private long sweepAfter = Long.MIN_VALUE;

    KeyedRateLimit(int maxKeys, Ticks ticks, Function<K, RateLimit> maker) {
        this.maxKeys = maxKeys;
        this.ticks = ticks;
        this.maker = maker;
        sweepAt = Math.min(maxKeys, FIRST_SWEEP);
    }

    /**
     * The limit of a key.
     *
     * @throws RejectedExecutionException if the key is new, and there are as many as may be of which none can be forgotten
     */
    public RateLimit of(K key) {
        RateLimit known = limits.get(requireNonNull(key, "key"));
        return known != null ? known : add(key);
    }

    private RateLimit add(K key) {
        adding.lock();
        try {
            RateLimit known = limits.get(key);
            if (known != null) {
                return known;
            }
            if (limits.size() >= sweepAt) {
                sweep();
            }
            if (limits.size() >= maxKeys) {
                throw tooMany(
                        limits.size(),
                        "of each permits count still, the server holds back, somebody waits, or the rules were changed");
            }
            RateLimit added = maker.apply(key);
            limits.put(key, added);
            return added;
        } finally {
            adding.unlock();
        }
    }

    static RejectedExecutionException tooMany(int keys, String why) {
        return new RejectedExecutionException(keys + " keys are in use, as many as maxKeys allows, and " + why
                + "; raise it, or use fewer keys at a time");
    }

    private void sweep() {
        long now = ticks.now();
        if (now < sweepAfter) {
            return;
        }
        long next = Long.MAX_VALUE;
        for (var entry : limits.entrySet()) {
            K key = entry.getKey();
            Gate gate = entry.getValue().gate();
            if (gate.retire(() -> heir(key, gate))) {
                limits.remove(key);
            } else {
                next = Math.min(next, gate.idleAt());
            }
        }
        sweepAfter = limits.size() < maxKeys ? Long.MIN_VALUE : Math.min(next, now + LONGEST_REST);
        sweepAt = Math.min(maxKeys, Math.max(FIRST_SWEEP, limits.size() * 2));
    }

    /** The gate in use; the retired one may be in the map still until {@link #sweep} has gone on. */
    private Gate heir(K key, Gate retired) {
        RateLimit known = limits.get(key);
        return known != null && known.gate() != retired ? known.gate() : add(key).gate();
    }

    /** How many limits there are. */
    public int size() {
        return limits.size();
    }

    @Override
    public String toString() {
        return "KeyedRateLimit[" + size() + " of " + maxKeys + " keys]";
    }
}
