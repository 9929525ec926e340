package io.mutil.ratelimit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** How many permits are handed out, and over which time. Immutable. */
public sealed interface Rule permits Rule.SlidingWindow, Rule.FixedWindow, Rule.Paced {
    /** How many permits. */
    int permits();

    /** Over which time. */
    Duration per();

    /**
     * Never more than so many permits in any interval of that length, wherever it begins. Suits a server that counts
     * continuously, and every other one too.
     *
     * @param permits from 1 to 100,000,000; the window keeps 8 bytes for each that is in it
     * @param per positive, at most 36,500 days
     */
    static SlidingWindow slidingWindow(int permits, Duration per) {
        return new SlidingWindow(permits, per);
    }

    /**
     * Never more than so many permits between two resets, which happen at full multiples of the time since midnight, in
     * UTC unless {@link FixedWindow#withZone} says otherwise. Suits a server that resets on the minute, or at midnight.
     *
     * @param permits positive
     * @param per a part of 24 hours that goes into them without remainder
     */
    static FixedWindow fixedWindow(int permits, Duration per) {
        return new FixedWindow(permits, per, ZoneOffset.UTC, Duration.ZERO);
    }

    /**
     * One permit every {@code per / permits}, none of them sooner unless {@link Paced#withBurst} lets some be owed. Needs
     * the same few bytes however many permits there are.
     *
     * @param permits positive
     * @param per positive, at most 36,500 days
     */
    static Paced paced(int permits, Duration per) {
        return new Paced(permits, per, 1);
    }

    /**
     * Never more than so many permits in any interval of that length.
     *
     * @param permits how many
     * @param per the length of the window
     */
    record SlidingWindow(int permits, Duration per) implements Rule {
        private static final int MOST = 100_000_000;

        /** Checks what is given. */
        public SlidingWindow {
            Checks.positive("permits", permits);
            Checks.span("per", per);
            if (permits > MOST) {
                throw new IllegalArgumentException("permits of a sliding window must be at most " + MOST + ", was "
                        + permits + "; a paced rule needs no memory for them");
            }
        }
    }

    /**
     * Never more than so many permits between two resets by the wall clock.
     *
     * <p>A change to or from daylight saving time makes a window longer or shorter; a window that the local clock shows
     * twice in a row is one.
     *
     * @param permits how many
     * @param per from one reset to the next
     * @param zone whose midnight the windows begin at
     * @param spread those who wait for a reset go on at a random moment of this time after it, so that not all programs that
     *     wait for it come at once
     */
    record FixedWindow(int permits, Duration per, ZoneId zone, Duration spread) implements Rule {
        /** Checks what is given. */
        public FixedWindow {
            Checks.positive("permits", permits);
            Checks.span("per", per);
            requireNonNull(zone, "zone");
            Checks.notNegative("spread", spread);
            if (Duration.ofDays(1).toNanos() % per.toNanos() != 0) {
                throw new IllegalArgumentException(
                        "per of a fixed window must go into 24 hours without remainder, was " + per);
            }
            if (spread.compareTo(per.dividedBy(2)) > 0) {
                throw new IllegalArgumentException(
                        "spread must be at most half of per, which is " + per + ", was " + spread);
            }
        }

        /** The same, with resets by the clock of a place. */
        public FixedWindow withZone(ZoneId zone) {
            return new FixedWindow(permits, per, zone, spread);
        }

        /**
         * The same, with a random delay after the reset for those who wait for it.
         *
         * @param spread the longest, at most half of {@link #per}
         */
        public FixedWindow withSpread(Duration spread) {
            return new FixedWindow(permits, per, zone, spread);
        }
    }

    /**
     * One permit every {@code per / permits}.
     *
     * @param permits how many
     * @param per over which time
     * @param burst how many may be had at once after a pause
     */
    record Paced(int permits, Duration per, int burst) implements Rule {
        /** Checks what is given. */
        public Paced {
            Checks.positive("permits", permits);
            Checks.span("per", per);
            Checks.positive("burst", burst);
            if (isTooLong(per.toNanos(), permits, burst)) {
                throw new IllegalArgumentException("burst must be what the pace makes up in " + Checks.LONGEST.toDays()
                        + " days or less, was " + burst);
            }
        }

        private static boolean isTooLong(long per, int permits, int burst) {
            long longest = Checks.LONGEST.toNanos();
            long each = per / permits;
            return each > longest / burst || each * burst + per % permits * burst / permits > longest;
        }

        /** The same, with so many permits at once after a pause. */
        public Paced withBurst(int burst) {
            return new Paced(permits, per, burst);
        }
    }
}
