package io.mutil.cache;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the parts of one cache share. */
record Parts(
        Settings settings,
        Judge judge,
        Tiers tiers,
        Answers answers,
        Counters counters,
        LongSupplier clock,
        Threads threads) {
    private static final Logger LOG = System.getLogger(Parts.class.getName());

    long now() {
        return clock.getAsLong();
    }

    /**
     * What stands in for an answer that could not be had; null if there is nothing that may.
     *
     * @param known what is due, if that is known
     */
    @Nullable
    Answer standIn(Ask ask, @Nullable Held known) {
        long now = now();
        Held held = known == null ? tiers.inMemory(ask.key(), now) : known;
        if (held == null || !judge.mayServeOnError(held.meta(), ask.options(), now)) {
            return null;
        }
        counters.staleAnswers.increment();
        return new Answer(held, Source.STALE, now); // its file is not opened: this may be the thread of the alarms
    }

    static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "what a fetch held could not be let go", e);
        }
    }
}
