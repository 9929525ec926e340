package io.mutil.dataflow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** One level of a running topology: its tasks, and where its figures come from. */
record RunningLevel(
        String name,
        String from,
        Edge edge,
        List<? extends ReceiverTask<?>> tasks,
        LongSupplier errors,
        LongSupplier discarded) {
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

    LevelStats stats() {
        long received = lanes().stream().mapToLong(Lane::polled).sum();
        long restarts = tasks.stream().mapToLong(ReceiverTask::restarts).sum();
        return new LevelStats(name, tasks.size(), received, errors.getAsLong(), discarded.getAsLong(), restarts);
    }

    EdgeStats edgeStats() {
        long sent = 0;
        long polled = 0;
        long filtered = 0;
        long dropped = 0;
        long evicted = 0;
        long blocked = 0;
        List<Lane<?>> lanes = lanes();
        for (Lane<?> lane : lanes) {
            polled += lane.polled();
            sent += lane.offered();
            filtered += lane.filtered();
            dropped += lane.dropped();
            blocked += lane.blocked();
            evicted += lane instanceof LossyLane<?> ? lane.dropped() : 0;
        }
        // Read before what was sent, so that the difference is never negative.
        long queued = sent - polled - evicted;
        return new EdgeStats(from, name, edge, lanes.size(), Math.max(0, queued), sent, filtered, dropped, blocked);
    }

    private List<Lane<?>> lanes() {
        List<Lane<?>> lanes = new ArrayList<>();
        tasks.forEach(task -> lanes.addAll(task.inbox().lanes()));
        return lanes;
    }
}
