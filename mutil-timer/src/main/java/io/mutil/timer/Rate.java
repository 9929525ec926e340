package io.mutil.timer;

/**
 * The rate of the recent past: a mean in which time counts less the longer it is ago, by a factor of e each 30 seconds.
 *
 * <p>An exponentially weighted mean by time, not by the number of readings, so that it does not depend on how often anybody asks.
 * Steps and time fade alike, and their quotient is the rate; so the beginning, when there is little past, needs no correction. Not
 * thread-safe.
 */
final class Rate {
    private static final double FADING_NANOS = 30e9;

    private long lastTime;
    private long lastCount;
    private double steps;
    private double nanos;

    Rate(long started) {
        lastTime = started;
    }

    /** Steps per second, 0 while no time has passed. */
    double perSecond(long count, long now) {
        long passed = now - lastTime;
        if (passed > 0) {
            add(count - lastCount, passed);
            lastTime = now;
            lastCount = count;
        }
        return nanos == 0 ? 0 : steps / nanos * 1e9;
    }

    private void add(long made, long passed) {
        double kept = Math.exp(-passed / FADING_NANOS);
        double weight = -Math.expm1(-passed / FADING_NANOS) * FADING_NANOS;
        steps = steps * kept + (double) made / passed * weight;
        nanos = nanos * kept + weight;
    }
}
