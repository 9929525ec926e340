package io.mutil.ratelimit;

import java.util.HashMap;
import java.util.Map;

/** What the server said: how long to hold back, and how much is left until when. */
final class ServerBook extends Book {
    /** Names of policies come from outside. */
    private static final int MOST_QUOTAS = 8;

    private static final long FIRST_BACK_OFF = 1_000_000_000L;
    private static final int MOST_DOUBLINGS = 6;

    private final Map<String, Quota> quotas = new HashMap<>();
    private long heldUntil = Long.MIN_VALUE;
    private int refusals;

    ServerBook() {}

    private ServerBook(ServerBook other) {
        heldUntil = other.heldUntil;
        other.quotas.forEach((name, quota) -> quotas.put(name, new Quota(quota)));
    }

    /**
     * What counts already stays: the server may have answered before it saw what is under way.
     *
     * @return whether it holds back for longer, or more
     */
    boolean learn(long now, ServerWord word, long longestHold) {
        long heldBefore = heldUntil;
        boolean learned = false;
        quotas.values().removeIf(quota -> quota.isOver(now));
        long hold = word.hold();
        if (word.refused() && now >= heldUntil) {
            hold = FIRST_BACK_OFF << Math.min(refusals, MOST_DOUBLINGS);
            refusals++;
        } else if (word.accepted()) {
            refusals = 0;
        }
        if (hold > 0) {
            heldUntil = Math.max(heldUntil, now + Math.min(hold, longestHold));
        }
        for (ServerWord.Left left : word.left()) {
            learned |= learn(now, left, longestHold);
        }
        return learned || heldUntil != heldBefore;
    }

    private boolean learn(long now, ServerWord.Left word, long longestHold) {
        long until = now + Math.min(word.nanos(), longestHold);
        Quota known = quotas.get(word.policy());
        if (word.left() == 0) {
            heldUntil = Math.max(heldUntil, until);
        } else if (known != null || quotas.size() < MOST_QUOTAS) {
            return quotas.computeIfAbsent(word.policy(), policy -> new Quota()).add(now, word.left(), until);
        }
        return false;
    }

    /** Whether it holds nothing back, and remembers nothing. */
    boolean isOver(long now) {
        return held(now) == 0 && refusals == 0 && quotas.isEmpty();
    }

    /** For how long nobody gets a permit. */
    long held(long now) {
        return heldUntil <= now ? 0 : heldUntil - now;
    }

    @Override
    public long roomAt(long earliest, int permits) {
        long at = Math.max(earliest, heldUntil);
        for (Quota quota : quotas.values()) {
            at = quota.roomAt(at, permits);
        }
        return at;
    }

    @Override
    public void count(long at, int permits) {
        for (Quota quota : quotas.values()) {
            quota.count(at, permits);
        }
    }

    @Override
    int most() {
        return Integer.MAX_VALUE;
    }

    @Override
    int available(long now) {
        long least = Integer.MAX_VALUE;
        for (Quota quota : quotas.values()) {
            least = Math.min(least, quota.left(now));
        }
        return now < heldUntil ? 0 : (int) least;
    }

    @Override
    int known(long now) {
        return 0;
    }

    @Override
    void replay(long now, Book into) {}

    /** The server's word stands. */
    @Override
    void uncount(long now, long at, int permits) {}

    /** The server's word stands. */
    @Override
    void refund(long now, long about, int permits) {}

    @Override
    long emptyAt() {
        long at = heldUntil;
        for (Quota quota : quotas.values()) {
            at = Math.max(at, quota.until());
        }
        return at;
    }

    @Override
    Plan plan() {
        return new ServerBook(this);
    }
}
