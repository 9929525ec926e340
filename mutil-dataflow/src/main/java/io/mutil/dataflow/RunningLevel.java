package io.mutil.dataflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One level of a running topology: its tasks, and where its figures come from. */
record RunningLevel(
        String name, String from, Edge edge, List<? extends ReceiverTask<?>> tasks, LongSupplier errors, OpenEnd end) {
    void endInput() {
        tasks.forEach(ReceiverTask::endInput);
    }

    void abandon() {
        tasks.forEach(ReceiverTask::abandon);
    }

    /** The topology has been aborted. */
    void aborted() {
        tasks.forEach(Task::wakeWaiters);
        tasks.forEach(ReceiverTask::aborted);
    }

    /** Whether the level before has ended. */
    boolean inputEnded() {
        return tasks.get(0).inputEnded();
    }

    /** Whether one of its tasks is running now, or waits for a peer. */
    boolean atWork() {
        return tasks.stream().anyMatch(Task::isRunning);
    }

    boolean ended() {
        return tasks.stream().allMatch(ReceiverTask::hasLeft);
    }

    /** Why it could not go on, if that is how it ended. */
    @Nullable
    Throwable death() {
        return tasks.stream()
                .map(ReceiverTask::death)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    LevelStats stats() {
        long received = lanes().stream().mapToLong(Lane::polled).sum();
        long restarts = tasks.stream().mapToLong(ReceiverTask::restarts).sum() + end.restarts();
        return new LevelStats(
                name, tasks.size(), received, errors.getAsLong(), end.discarded(), restarts, end.connections());
    }

    EdgeStats edgeStats() {
        long sent = 0;
        long polled = 0;
        long filtered = 0;
        long dropped = 0;
        long evicted = 0;
        long blocked = 0;
        long released = 0;
        List<Lane<?>> lanes = lanes();
        for (Lane<?> lane : lanes) {
            polled += lane.polled();
            sent += lane.offered();
            filtered += lane.filtered();
            dropped += lane.dropped();
            // Read before what was blocked, so that nobody seems to wait who does not.
            released += lane.released();
            blocked += lane.blocked();
            evicted += lane instanceof LossyLane<?> ? lane.dropped() : 0;
        }
        // Read before what was sent, so that the difference is never negative.
        long queued = sent - polled - evicted;
        return new EdgeStats(
                from,
                name,
                edge,
                lanes.size(),
                Math.max(0, queued),
                sent,
                filtered,
                dropped,
                blocked,
                Math.max(0, blocked - released));
    }

    private List<Lane<?>> lanes() {
        List<Lane<?>> lanes = new ArrayList<>();
        tasks.forEach(task -> lanes.addAll(task.inbox().lanes()));
        return lanes;
    }
}
