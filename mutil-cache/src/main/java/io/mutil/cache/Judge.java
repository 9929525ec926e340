package io.mutil.cache;

import java.time.Duration;

/** Decides what a stored answer is good for. */
record Judge(Settings settings) {
    /** How far ahead of ours the clock of another process may be; beyond, ours has gone back and tells nothing. */
    static final long SKEW = Duration.ofMinutes(1).toMillis();

    Freshness freshness(Options options) {
        Freshness own = options.freshness();
        return own == null ? settings.freshness() : own;
    }

    boolean isFresh(Meta meta, Options options, long now) {
        return now < due(meta, options) && isNotOfTheFuture(meta, now);
    }

    private static boolean isNotOfTheFuture(Meta meta, long now) {
        return meta.storedAt() - SKEW <= now;
    }

    /** A refusal is remembered as long as it is, whatever the rule for answers. */
    private static long due(Meta meta, Options options) {
        Freshness own = options.freshness();
        return own == null || !isGood(meta.status()) ? meta.freshUntil() : own.until(meta.storedAt(), meta.headers());
    }

    boolean mayServeWhileRevalidating(Meta meta, Options options, long now) {
        return mayServe(meta, options, now, settings.staleWhileRevalidate());
    }

    boolean mayServeOnError(Meta meta, Options options, long now) {
        return mayServe(meta, options, now, settings.staleIfError());
    }

    private boolean mayServe(Meta meta, Options options, long now, long limit) {
        return limit > 0
                && isGood(meta.status())
                && isNotOfTheFuture(meta, now)
                && now < Millis.plus(due(meta, options), limit)
                && freshness(options).mayBeStale(meta.headers());
    }

    static boolean isGood(int status) {
        return status >= 200 && status < 300;
    }

    /** @throws FetchFailedException if it is a refusal that was remembered */
    static void checkGood(Key key, Meta meta, long now) throws FetchFailedException {
        if (isGood(meta.status())) {
            return;
        }
        throw new FetchFailedException(
                key + " was refused with status " + meta.status() + ", which is remembered for another "
                        + Duration.ofMillis(Math.max(0, meta.freshUntil() - now)) + "; Options.refresh() asks again",
                meta.status(),
                null);
    }
}
