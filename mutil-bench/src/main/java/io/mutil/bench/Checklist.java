package io.mutil.bench;

import java.util.BitSet;

/** Checks off the odd or the even ones of consecutive numbers plus one. */
final class Checklist {
    private final long firstSent;
    private final boolean odd;
    private final BitSet seen = new BitSet();
    private long twice;
    private long misplaced;

    Checklist(long firstSent, boolean odd) {
        this.firstSent = firstSent;
        this.odd = odd;
    }

    void check(long result) {
        long place = result - 1 - firstSent;
        if (place < 0 || place > Integer.MAX_VALUE || Items.isOdd(result) != odd) {
            misplaced++;
        } else if (seen.get((int) place)) {
            twice++;
        } else {
            seen.set((int) place);
        }
    }

    /** How many did not come of those sent before {@code endSent}. */
    long missing(long endSent) {
        long sent = endSent - firstSent;
        boolean startsWithMine = Items.isOdd(firstSent + 1) == odd;
        long mine = (sent + (startsWithMine ? 1 : 0)) / 2;
        return mine - seenBefore(endSent);
    }

    /** How many came more than once. */
    long twice() {
        return twice;
    }

    /** How many were another reader's, or had not been sent before {@code endSent}. */
    long misplaced(long endSent) {
        return misplaced + seen.cardinality() - seenBefore(endSent);
    }

    private long seenBefore(long endSent) {
        return seen.get(0, (int) (endSent - firstSent)).cardinality();
    }
}
