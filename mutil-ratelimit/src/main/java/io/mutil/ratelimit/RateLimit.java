package io.mutil.ratelimit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/**
 * Hands out permits, never more of them in any stretch of time than its rules allow.
 *
 * <pre>{@code
 * RateLimit limit = RateLimit.of(120, Duration.ofMinutes(1));
 * Duration waited = limit.acquire();
 * }</pre>
 *
 * <p>A permit counts from the moment when it is handed out, which for one that was waited for is when the wait is over and not
 * when it began. Callers who wait go in order of arrival, whatever they wait for, and nobody overtakes them: {@code tryAcquire}
 * gets nothing while somebody waits. Who gives up makes room for the next.
 *
 * <p>Several rules hold together: permits count under all of them or none. Where a call needs several permits, as its cost,
 * it waits until there is room for all.
 *
 * <p>Safe for use by many threads, virtual ones too. While there is no room for one permit most refusals take no lock. All else
 * takes one, in which books are looked at and clocks read, but nothing is waited for; where many wait, a change to the line may
 * look at all of them. Threads that wait sleep by themselves. Futures take a timer of one daemon thread that all limits share, or
 * of the {@linkplain RateLimitBuilder#scheduler scheduler} that was given, and are completed on it, unless it takes no more work.
 * So what depends on them and takes long, or blocks, holds up all whose turn comes after them, threads too, and belongs elsewhere,
 * as with {@code thenRunAsync}. Never wait there for a permit of a limit, nor for an answer of a {@linkplain
 * RateLimitBuilder#store store} that may be lost.
 */
public final class RateLimit {
    private final Gate gate;
    private final ReplyReader replies;

    /**
     * A sliding window with every choice at its default: never more than so many permits in any interval of that length.
     *
     * @param permits from 1 to 100,000,000
     * @param per positive
     */
    public static RateLimit of(int permits, Duration per) {
        return of(Rule.slidingWindow(permits, per));
    }

    /**
     * A limit with every choice at its default.
     *
     * @param rules one or more, which hold together
     */
    public static RateLimit of(Rule... rules) {
        return builder(rules).build();
    }

    /**
     * Starts a limit with choices.
     *
     * @param rules one or more, which hold together; the same one twice is one
     */
    public static RateLimitBuilder builder(Rule... rules) {
        return new RateLimitBuilder(checked(rules));
    }

    private static List<Rule> checked(Rule... rules) {
        if (rules.length == 0) {
            throw new IllegalArgumentException("rules must be one or more, was none");
        }
        return Stream.of(rules)
                .map(rule -> requireNonNull(rule, "rule"))
                .distinct()
                .toList();
    }

    RateLimit(Gate gate, ReplyReader replies) {
        this.gate = gate;
        this.replies = replies;
    }

    Gate gate() {
        return gate;
    }

    // ---- permits

    /** Takes a permit if there is room now and nobody waits. */
    public boolean tryAcquire() {
        return gate.tryAcquire(1);
    }

    /**
     * Takes permits if there is room for all of them now and nobody waits. Does not wait, except for the answer of a {@linkplain
     * RateLimitBuilder#store store}, which an interrupt does not end.
     *
     * @throws IllegalArgumentException if they are more than the rules ever allow at once
     */
    public boolean tryAcquire(int permits) {
        return gate.tryAcquire(Checks.positive("permits", permits));
    }

    /**
     * Takes a permit, after a wait of at most that time. Does not wait at all if, as things stand, it would be in vain.
     *
     * @return whether it got one
     * @throws InterruptedException if interrupted before or while waiting; no permit is used
     * @throws RejectedExecutionException if too many wait already
     */
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return tryAcquire(1, timeout);
    }

    /**
     * As {@link #tryAcquire(Duration)}, for several permits.
     *
     * @param timeout not negative
     * @throws IllegalArgumentException if they are more than the rules ever allow at once
     * @throws IllegalStateException if the rules were changed meanwhile to allow less
     */
    public boolean tryAcquire(int permits, Duration timeout) throws InterruptedException {
        return gate.tryAcquire(
                Checks.positive("permits", permits),
                Checks.notNegative("timeout", timeout).toNanos());
    }

    /**
     * Takes a permit, after a wait if there is no room now or somebody waits already.
     *
     * @return how long it waited; zero if it went straight through
     * @throws InterruptedException if interrupted before or while waiting; no permit is used
     * @throws RejectedExecutionException if too many wait already
     */
    public Duration acquire() throws InterruptedException {
        return gate.acquire(1);
    }

    /**
     * As {@link #acquire()}, for several permits at once.
     *
     * @throws IllegalArgumentException if they are more than the rules ever allow at once
     * @throws IllegalStateException if the rules were changed meanwhile to allow less
     */
    public Duration acquire(int permits) throws InterruptedException {
        return gate.acquire(Checks.positive("permits", permits));
    }

    /**
     * Takes a permit, without a thread that waits: the future is completed, with the time waited, when it is handed out.
     *
     * <p>Whoever completes the future otherwise, by cancelling it or with {@code orTimeout}, gives the place in the line up; no
     * permit is used. It fails with a {@link RejectedExecutionException} if too many wait already.
     */
    public CompletableFuture<Duration> acquireAsync() {
        return gate.acquireAsync(1);
    }

    /**
     * As {@link #acquireAsync()}, for several permits at once. It fails with an {@link IllegalStateException} if the rules are
     * changed meanwhile to allow less.
     *
     * @throws IllegalArgumentException if they are more than the rules ever allow at once
     */
    public CompletableFuture<Duration> acquireAsync(int permits) {
        return gate.acquireAsync(Checks.positive("permits", permits));
    }

    /**
     * Takes a permit for the time when there will be room, which may be now. The caller waits until then.
     *
     * @throws RejectedExecutionException if too many wait or have reserved already
     */
    public Reservation reserve() {
        return gate.reserve(1);
    }

    /**
     * As {@link #reserve()}, for several permits at once.
     *
     * @throws IllegalArgumentException if they are more than the rules ever allow at once
     */
    public Reservation reserve(int permits) {
        return gate.reserve(Checks.positive("permits", permits));
    }

    // ---- the books

    /** Gives back a permit that was handed out just now and will not be used. */
    public void refund() {
        refund(1, Duration.ZERO);
    }

    /**
     * Gives back permits that were not used. A rule whose window they have left already gives no room for them.
     *
     * <p>Which permits in the window those were is not known, only that they are not older than its oldest ones, so a sliding
     * window drops its oldest: that can never leave fewer in a later window than were really used. So room comes back when the
     * oldest would have left, not later. {@link Reservation#cancel} gives back exactly what was reserved.
     *
     * @param age how long ago they were handed out, or more; if that is understated, a window may later hold more calls than it
     *     should
     */
    public void refund(int permits, Duration age) {
        gate.refund(
                Checks.positive("permits", permits),
                Checks.notNegative("age", age).toNanos());
    }

    /**
     * How long a caller who asked for one permit now would wait, as things stand. Takes nothing. With a {@linkplain
     * RateLimitBuilder#store store} it is the least that is known here: until the store is asked again, zero while nobody waits.
     */
    public Duration peek() {
        return gate.peek(1);
    }

    /**
     * As {@link #peek()}, for several permits at once.
     *
     * @throws IllegalArgumentException if they are more than the rules ever allow at once
     */
    public Duration peek(int permits) {
        return gate.peek(Checks.positive("permits", permits));
    }

    /**
     * Goes by other rules from now on, also for those who wait.
     *
     * <p>Rules that stay keep their books. A new one starts with the permits that the fullest of the old books still holds, and
     * where that does not know their times, with now. Books know what their own rule needs: a window what is in it, a pace only
     * what of its burst is owed. So a new rule may not know everything that happened before the change, and let through as much
     * as if less had happened, if it looks further back than the old ones, or if these were of another kind. Who waits for more permits than can be had at once now is refused, and
     * reservations that were promised a time which is too early now are given a later one.
     *
     * @param rules one or more
     * @throws IllegalArgumentException if the {@linkplain RateLimitBuilder#margin margin} is too wide for a fixed window
     */
    public void change(Rule... rules) {
        gate.change(checked(rules));
    }

    /**
     * Learns from a response how the server sees it, and holds back accordingly; it never lets more through than the rules.
     *
     * <p>Understood are {@code Retry-After} of a response with an error status, in seconds and as a date; {@code RateLimit} and
     * {@code RateLimit-Policy} of the IETF draft "RateLimit header fields for HTTP", in its newer and its older forms; {@code
     * RateLimit-Remaining} and {@code RateLimit-Reset}; {@code X-RateLimit-Remaining}, {@code X-RateLimit-Reset} in seconds from
     * now or since 1970, {@code X-RateLimit-Reset-After}, and the same beginning with {@code X-Rate-Limit}. After a status 429 without any of these
     * nothing goes for a second, then twice as long each time up to about a minute. What cannot be read is ignored.
     *
     * @param status of the response
     * @param headers of the response; case does not matter
     */
    public void observe(int status, Map<String, List<String>> headers) {
        requireNonNull(headers, "headers");
        gate.observe(replies.read(status, headers));
    }

    /** The rules that hold now. */
    public List<Rule> rules() {
        return gate.rules();
    }

    /** What it has done so far, and how it stands. */
    public RateLimitStats stats() {
        return gate.stats();
    }

    @Override
    public String toString() {
        return "RateLimit[" + rules() + ", " + stats() + "]";
    }
}
