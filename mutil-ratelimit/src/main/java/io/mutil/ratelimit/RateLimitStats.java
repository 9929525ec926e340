package io.mutil.ratelimit;

/**
 * What a limit has done so far.
 *
 * @param admitted permits handed out, refunded ones included
 * @param refused permits that an attempt without or with a deadline did not get
 * @param waiting callers that wait now
 */
public record RateLimitStats(long admitted, long refused, int waiting) {}
