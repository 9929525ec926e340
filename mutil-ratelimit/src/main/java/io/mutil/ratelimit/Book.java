package io.mutil.ratelimit;

/** What one rule knows of the permits that were handed out. Guarded by the lock of its gate. */
abstract class Book implements Plan {
    /** Looks at the wall clock, if the rule goes by it; returns whether that has jumped. */
    boolean sync(long now) {
        return false;
    }

    /** Somebody waits for so many permits. */
    void expect(long now, int permits) {}

    /** Before when an attempt that does not wait for a permit is certainly in vain, as things stand. */
    long opensAt(long now) {
        return roomAt(now, 1);
    }

    /** The most permits that can ever be had at once. */
    abstract int most();

    /** How many can be had at once now. */
    abstract int available(long now);

    /** How many of those counted are known. */
    abstract int known(long now);

    /** Counts in another book what is known here; later rather than earlier where the time is not known. */
    abstract void replay(long now, Book into);

    /** Takes back exactly the permits that were counted at that time, as far as they still count. */
    abstract void uncount(long now, long at, int permits);

    /**
     * Takes back permits of which one knows only about when they were counted, so that at no time in the future fewer
     * count than really were handed out.
     */
    abstract void refund(long now, long about, int permits);

    /** When nothing counts any more, if nothing is added; as of the last look at the wall clock. */
    abstract long emptyAt();

    /** A copy that can be planned with. */
    abstract Plan plan();
}
