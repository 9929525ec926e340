package io.mutil.dataflow;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what is the matter with one level.
 *
 * <p>A full queue makes its sender wait, and a sender that waits fills its own queues. So behind a slow level everything is
 * full, and the slow level is the last one that has a backlog and works on it. One that has a backlog and does not run
 * starves: it gets no thread, and then the slow level is the one that holds them.
 */
final class Diagnosis {
    /** How much of the time counts as most of it. */
    static final double MOST = 0.5;

    /**
     * How full queues are a backlog. A receiver that takes turns empties its queues before senders go on, so those of a slow
     * one are half full on average.
     */
    static final double FULL = 0.25;

    /** How long ago errors count as lately. */
    static final Duration LATELY = Duration.ofSeconds(10);

    private long errors;
    private long errorNanos;
    private boolean failing;

    /** @param errors that were there before, which nobody knows the time of */
    Diagnosis(long errors) {
        this.errors = errors;
    }

    /**
     * What was seen.
     *
     * @param nanos when
     * @param errors since the start
     * @param fill how full its queues were, 0 to 1
     * @param waitedFor share of the time in which some sender waited for this level, 0 to 1
     * @param drops whether items for this level were dropped because there was no room
     * @param atWork share of the time in which it ran
     * @param waits share of the time in which it waited for a later level
     * @param unconnected whether it connects and has no connection
     * @param ending the error that ended it, an empty text for an end in order, null if it goes on
     */
    record Signs(
            long nanos,
            long errors,
            double fill,
            double waitedFor,
            boolean drops,
            double atWork,
            double waits,
            boolean unconnected,
            @Nullable String ending) {
        /** Whether it has a backlog and no thread. */
        boolean starves() {
            return ending == null && waits < MOST && atWork < MOST && backlog();
        }

        private boolean backlog() {
            return fill >= FULL || waitedFor >= MOST || drops;
        }
    }

    /**
     * What is the matter, the worst first; never empty.
     *
     * @param othersStarve whether some level does
     */
    List<Condition> of(Signs signs, boolean othersStarve) {
        Set<Condition> found = EnumSet.noneOf(Condition.class);
        if (isFailing(signs)) {
            found.add(Condition.FAILING);
        }
        if (signs.ending() == null && signs.unconnected()) {
            found.add(Condition.NOT_CONNECTED);
        }
        if (signs.ending() != null) {
            found.add(signs.ending().isEmpty() ? Condition.ENDED : Condition.DIED);
        } else if (signs.waits() >= MOST || signs.starves()) {
            found.add(Condition.HELD_UP);
        } else if (signs.atWork() >= MOST && (signs.backlog() || othersStarve)) {
            found.add(Condition.SLOW);
        }
        if (found.isEmpty()) {
            found.add(Condition.FINE);
        }
        return List.copyOf(found);
    }

    private boolean isFailing(Signs signs) {
        if (signs.errors() > errors) {
            errors = signs.errors();
            errorNanos = signs.nanos();
            failing = true;
        } else if (signs.nanos() - errorNanos > LATELY.toNanos()) {
            failing = false;
        }
        return failing;
    }
}
