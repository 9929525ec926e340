package io.mutil.ratelimit;

import java.util.ArrayList;
import java.util.List;

/**
 * What the server said is left under one policy: so many until then, by each of its responses that still holds. Each
 * holds to its own end and no longer, be it that the next window has begun, or that room comes up little by little.
 */
final class Quota {
    /** Two that end close to each other are joined beyond. */
    private static final int MOST_PARTS = 16;

    /** By their ends; what is left grows with them, as a part that allows more and ends sooner says nothing. */
    private final List<Part> parts = new ArrayList<>();

    private static final class Part {
        private final long until;
        private long left;

        Part(long left, long until) {
            this.left = left;
            this.until = until;
        }

        boolean covers(Part other) {
            return left <= other.left && until >= other.until;
        }
    }

    Quota() {}

    Quota(Quota other) {
        other.parts.forEach(part -> parts.add(new Part(part.left, part.until)));
    }

    /** Returns whether it holds back more than before. */
    boolean add(long now, long left, long until) {
        var added = new Part(left, until);
        if (parts.stream().anyMatch(part -> part.covers(added))) {
            return false;
        }
        parts.removeIf(added::covers);
        int at = 0;
        while (at < parts.size() && parts.get(at).until < until) {
            at++;
        }
        parts.add(at, added);
        if (parts.size() > MOST_PARTS) {
            join(now);
        }
        return true;
    }

    /** Where it lengthens the hold least: the part that ends earlier allows less, and goes on to the end of the next one. */
    private void join(long now) {
        int narrowest = 0;
        long width = Long.MAX_VALUE;
        for (int i = 0; i + 1 < parts.size(); i++) {
            long from = i == 0 ? now : parts.get(i - 1).until;
            long joined = parts.get(i + 1).until - from;
            if (joined < width) {
                width = joined;
                narrowest = i;
            }
        }
        long left = parts.remove(narrowest).left;
        parts.set(narrowest, new Part(left, parts.get(narrowest).until));
    }

    /** Forgets what no longer holds; returns whether nothing is left of it. */
    boolean isOver(long now) {
        parts.removeIf(part -> part.until <= now);
        return parts.isEmpty();
    }

    long roomAt(long earliest, int permits) {
        long at = earliest;
        for (Part part : parts) {
            if (part.left < permits) {
                at = Math.max(at, part.until);
            }
        }
        return at;
    }

    void count(long at, int permits) {
        for (Part part : parts) {
            if (at < part.until) {
                part.left = Math.max(0, part.left - permits);
            }
        }
    }

    long left(long now) {
        long least = Long.MAX_VALUE;
        for (Part part : parts) {
            least = now < part.until ? Math.min(least, part.left) : least;
        }
        return least;
    }

    long until() {
        return parts.get(parts.size() - 1).until;
    }
}
