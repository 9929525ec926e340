package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The child processes of one level. */
final class Children<I, O> {
    private static final int CHILDREN_PER_PROCESSOR = 4;

    private final WorkerLevel<I, O> level;
    private final Duration startTimeout;
    private final SharedClasses shared;
    private final List<ProcessTask<I, O>> tasks = new ArrayList<>();
    private final List<ChildHost> hosts = new ArrayList<>();

    Children(FlowContext context, WorkerLevel<I, O> level, Stage stage, List<Sender<O>> senders, Failures<I> failures) {
        this.level = level;
        Processes<I, O> processes = level.processes().orElseThrow();
        this.startTimeout = processes.startTimeout();
        this.shared = new SharedClasses(processes);
        for (int first = 0; first < level.howMany(); first += processes.workersPerProcess()) {
            List<Integer> indexes = new ArrayList<>();
            List<ProcessTask<I, O>> together = new ArrayList<>();
            int end = Math.min(level.howMany(), first + processes.workersPerProcess());
            for (int i = first; i < end; i++) {
                indexes.add(i);
                together.add(new ProcessTask<>(context, stage, level, i, i - first, senders.get(i), failures));
            }
            tasks.addAll(together);
            int width = senders.get(first).width();
            hosts.add(new ChildHost(context, level, assignment(processes, indexes, width), shared, together));
        }
    }

    private byte[] assignment(Processes<I, O> processes, List<Integer> indexes, int width) {
        var assignment = new Assignment(
                level.name(),
                level.howMany(),
                List.copyOf(indexes),
                level.factory(),
                processes.in(),
                processes.out(),
                level.tick(),
                level.supervisionOfItems(),
                width);
        try {
            return assignment.toBytes();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the workers of '" + level.name() + "' cannot travel to a process of their own, " + e
                            + "; let everything that they capture be Serializable",
                    e);
        }
    }

    List<ProcessTask<I, O>> tasks() {
        return tasks;
    }

    /**
     * Starts the processes of several levels, all at once, and waits until their workers have started.
     *
     * @throws IllegalStateException if a worker did not start, or not in time
     */
    static void start(List<? extends Children<?, ?>> levels) throws IOException {
        levels.forEach(Children::share);
        List<CompletableFuture<Void>> ready = new ArrayList<>();
        Duration timeout = Duration.ZERO;
        for (Children<?, ?> level : levels) {
            timeout = timeout.compareTo(level.startTimeout) < 0 ? level.startTimeout : timeout;
            for (ChildHost host : level.hosts) {
                ready.add(host.start());
            }
        }
        await(ready, timeout);
        for (Children<?, ?> level : levels) {
            level.shared.discard();
        }
    }

    /** Where so many children wait for so few processors, one that goes before them saves more than it costs. */
    private void share() {
        if (hosts.size() >= CHILDREN_PER_PROCESSOR * Runtime.getRuntime().availableProcessors()) {
            shared.prepare(hosts.get(0).assignment());
        }
    }

    private static void await(List<CompletableFuture<Void>> ready, Duration timeout) throws IOException {
        try {
            CompletableFuture.allOf(ready.toArray(CompletableFuture<?>[]::new))
                    .get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = requireNonNull(e.getCause(), "cause");
            if (cause instanceof IllegalStateException notStarted) {
                throw notStarted;
            }
            throw new IOException(cause.getMessage(), cause);
        } catch (TimeoutException e) {
            long missing = ready.stream().filter(each -> !each.isDone()).count();
            throw new IllegalStateException(
                    missing + " of " + ready.size() + " processes did not start within " + timeout
                            + "; let several workers share one, or raise startTimeout",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while processes were started", e);
        }
    }

    /** Only then nobody looks for the shared classes any more, if the start has failed. */
    CompletableFuture<Void> closeAsync() {
        return CompletableFuture.allOf(hosts.stream().map(ChildHost::closeAsync).toArray(CompletableFuture<?>[]::new))
                .whenComplete((none, failure) -> shared.discard());
    }
}
