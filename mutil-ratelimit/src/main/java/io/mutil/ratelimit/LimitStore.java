package io.mutil.ratelimit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the books of limits in a place that several of them share. The line of those who wait stays with each limit: only its
 * first asks the store, one question at a time, and after a refusal again when the store said, or sooner: when permits were
 * given back or the rules changed here, and every ten seconds if a rule goes by the wall clock.
 *
 * <p>{@link #local} is the only one here. One that keeps the books in Redis, for several machines, would
 *
 * <ul>
 *   <li>run one script for each request, so that looking and counting are one step and all rules count together or none: for a
 *       sliding window a sorted set of the times of permits, of which those older than the window and the margin are removed
 *       and the rest counted; for a pace the one number of the generic cell rate algorithm; for a fixed window a counter;
 *   <li>take the time from the clock of the server ({@code TIME} within the script), never from the client, as clients differ;
 *   <li>let each key expire after the longest of its windows and the margin ({@code PEXPIRE}), so that what is idle vanishes;
 *   <li>put the hash tag of the key around what belongs together, so that a cluster keeps it on one node;
 *   <li>say after a refusal how long the oldest permit in the way stays there, so that nobody asks in vain.
 * </ul>
 *
 * <p>An implementation is called by any thread that uses a limit, brings an answer or runs timers: with one {@code take} at a
 * time for each limit, apart from those whose answer is taken for lost, with {@code giveBack} at any time. It must not block, and
 * a thread that brings answers must not wait for a permit of the same limit. What depends on the futures of a limit runs on its
 * {@linkplain RateLimitBuilder#scheduler scheduler}, unless that takes no more work, and does not hold such a thread up.
 */
public interface LimitStore {
    /**
     * Permits that somebody wants, or gives back.
     *
     * @param key of the books
     * @param rules that hold together; they may change from one request to the next
     * @param margin by which the windows are wider
     * @param permits how many
     */
    record Request(String key, List<Rule> rules, Duration margin, int permits) {
        /** Copies and checks what is given. */
        public Request {
            requireNonNull(key, "key");
            rules = List.copyOf(rules);
            Checks.notNegative("margin", margin);
            Checks.positive("permits", permits);
        }
    }

    /**
     * What the store says.
     *
     * @param admitted whether the permits were counted
     * @param retryAfter how long it is until there may be room; zero if they were
     */
    record Answer(boolean admitted, Duration retryAfter) {
        /** Checks what is given. */
        public Answer {
            Checks.notNegative("retryAfter", retryAfter);
        }
    }

    /**
     * Counts permits under all rules if all have room now.
     *
     * <p>A failure lets nobody through; whoever was asked for gets it, and the next is asked for. No answer within ten seconds
     * is a failure too; if one comes later that admits, the permits are given back.
     */
    CompletionStage<Answer> take(Request request);

    /**
     * Counts permits no longer, as far as that can leave no window with fewer than were really used. A failure is ignored: then
     * they count until they leave the windows.
     *
     * @param age how long ago they were counted, or more
     */
    CompletionStage<Void> giveBack(Request request, Duration age);

    /**
     * Keeps books in this process, for limits that share them without being the same object. Limits of one key may have
     * different rules and margins: each goes by its own, and all permits of the key count under all of them. A rule by which
     * nobody has asked before begins with what the fullest of the books knows.
     *
     * @param maxKeys how many keys there are at most of which permits still count; one more fails
     */
    static LimitStore local(int maxKeys) {
        return new LocalStore(maxKeys);
    }
}
