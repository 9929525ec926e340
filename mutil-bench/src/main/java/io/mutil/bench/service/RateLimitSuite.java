package io.mutil.bench.service;

import com.google.common.util.concurrent.RateLimiter;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.mutil.ratelimit.RateLimit;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One attempt to get a permit without waiting. Run it with {@code -t 1} and {@code -t 2}.
 *
 * <p>{@code admitting}: 100,000 permits each millisecond, which is more than anybody asks for. {@code refusing}: one permit
 * an hour, which is gone. Ours is the only one here that never hands out more in any interval; the others are as their
 * makers would have them for such a limit: Bucket4j with a greedy refill, Resilience4j with periods, Failsafe bursty.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RateLimitSuite {
    private static final int PLENTY = 100_000;
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofHours(1);

    /** What becomes of the attempts. */
    @Param({"admitting", "refusing"})
    public String limit = "";

    /** The contestant. */
    @Param({"mutil", "guava", "bucket4j", "resilience4j", "failsafe"})
    public String who = "";

    private BooleanSupplier attempt = () -> false;

    /** For JMH. */
    public RateLimitSuite() {}

    /** Makes the limit, and uses it up if it is to refuse. */
    @Setup
    public void open() {
        boolean admitting = limit.equals("admitting");
        attempt = admitting ? limit(PLENTY, SHORT) : limit(1, LONG);
        if (!attempt.getAsBoolean() || attempt.getAsBoolean() != admitting) {
            throw new IllegalStateException(who + " is not " + limit);
        }
    }

    private BooleanSupplier limit(int permits, Duration per) {
        return switch (who) {
            case "mutil" -> RateLimit.of(permits, per)::tryAcquire;
            case "guava" -> RateLimiter.create(permits * 1e9 / per.toNanos())::tryAcquire;
            case "bucket4j" -> bucket4j(permits, per);
            case "resilience4j" -> resilience4j(permits, per);
            case "failsafe" ->
                dev.failsafe.RateLimiter.burstyBuilder(permits, per).build()::tryAcquirePermit;
            default -> throw new IllegalArgumentException("no contestant is called " + who);
        };
    }

    private static BooleanSupplier bucket4j(int permits, Duration per) {
        Bandwidth bandwidth =
                Bandwidth.builder().capacity(permits).refillGreedy(permits, per).build();
        Bucket bucket =
                Bucket.builder().addLimit(bandwidth).withNanosecondPrecision().build();
        return () -> bucket.tryConsume(1);
    }

    private static BooleanSupplier resilience4j(int permits, Duration per) {
        var config = io.github.resilience4j.ratelimiter.RateLimiterConfig.custom()
                .limitForPeriod(permits)
                .limitRefreshPeriod(per)
                .timeoutDuration(Duration.ZERO)
                .build();
        return io.github.resilience4j.ratelimiter.RateLimiter.of("suite", config)::acquirePermission;
    }

    /** One attempt. */
    @Benchmark
    public boolean attempt() {
        return attempt.getAsBoolean();
    }
}
