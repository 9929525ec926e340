package io.mutil.dataflow;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a running topology tells its page.
 *
 * @param atWork levels that are running now; the ingress is not asked
 * @param unconnected levels that connect and have no connection now
 * @param endings levels that have ended, with the error that ended them, or an empty text
 * @param error that ended the topology, or an empty text
 */
record Figures(
        DataflowStats stats,
        Phase phase,
        Set<String> atWork,
        Set<String> unconnected,
        Map<String, String> endings,
        String error) {
    enum Phase {
        RUNNING,
        ENDING,
        ENDED
    }

    static Figures of(
            DataflowStats stats,
            Phase phase,
            OpenIngress ingress,
            List<RunningLevel> levels,
            CompletableFuture<Void> failure) {
        String first = stats.levels().get(0).name();
        Throwable reason = reason(failure);
        boolean receiverDied = false;
        Set<String> atWork = new HashSet<>();
        Set<String> unconnected = new HashSet<>();
        Map<String, String> endings = new HashMap<>();
        if (ingress.isUnconnected()) {
            unconnected.add(first);
        }
        for (RunningLevel level : levels) {
            if (level.atWork()) {
                atWork.add(level.name());
            }
            if (level.end().isUnconnected()) {
                unconnected.add(level.name());
            }
            Throwable death = level.death();
            receiverDied |= death != null;
            if (death != null || level.ended()) {
                endings.put(level.name(), name(death));
            }
        }
        if (levels.get(0).inputEnded()) {
            // What no receiver died of is the source's.
            endings.put(first, receiverDied ? "" : name(reason));
        }
        return new Figures(stats, phase, atWork, unconnected, endings, name(reason));
    }

    private static @Nullable Throwable reason(CompletableFuture<Void> failure) {
        CompletableFuture<@Nullable Throwable> reason = failure.handle((none, e) -> e);
        return reason.getNow(null);
    }

    /** The class alone: the message may hold anybody's data. */
    private static String name(@Nullable Throwable failure) {
        if (failure == null) {
            return "";
        }
        String name = failure.getClass().getSimpleName();
        return name.isEmpty() ? Objects.toString(failure.getClass().getName()) : name;
    }
}
