package io.mutil.ratelimit;

import java.time.Duration;

/**
 * What a limit has done so far, and how it stands.
 *
 * @param admitted permits handed out, refunded ones included
 * @param refused permits that were asked for and not handed out, as there was no room in time or nobody more could wait;
 *     counted without synchronisation, a few may be missed between threads
 * @param cancelled callers that gave up before they used their permits: interrupted, cancelled, or refused by a change of the
 *     rules
 * @param refunded permits given back, also where they counted no longer
 * @param waiting callers that wait now, reservations included
 * @param available permits that could be had at once now; -1 with a store, which alone knows
 * @param held for how long the server wants no requests; zero if it did not say so
 */
public record RateLimitStats(
        long admitted, long refused, long cancelled, long refunded, int waiting, int available, Duration held) {}
