package io.mutil.dataflow;

import static java.lang.System.Logger.Level.WARNING;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A topology at work, until it is closed, its in-process source or its pipes end, or something fails that it cannot go on after.
 *
 * <p>It ends in order: the ingress takes nothing more; each level finishes what it has, then tells the next one; the
 * egresses send the last item and say goodbye to their clients with code 1001. Safe for many threads.
 */
@SuppressWarnings("FutureReturnValueIgnored") // whatever these chains come to ends in "done"
public final class RunningDataflow implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Dataflow.class.getName());
    /** How long user code has to notice that the topology was aborted. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Dataflow flow;
    private final FlowContext context;
    private final OpenIngress ingress;
    private final int ingressWidth;
    private final List<RunningLevel> levels;
    private final List<OpenEgress<?>> egresses;
    private final CompletableFuture<Void> drained;
    private final FlowLoops loops;
    private final @Nullable ExecutorService ownExecutor;
    private final Duration drainTimeout;
    private final @Nullable Page page;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    RunningDataflow(
            Dataflow flow,
            FlowContext context,
            OpenIngress ingress,
            int ingressWidth,
            List<RunningLevel> levels,
            List<OpenEgress<?>> egresses,
            CompletableFuture<Void> drained,
            FlowLoops loops,
            @Nullable ExecutorService ownExecutor,
            Duration drainTimeout,
            @Nullable Page page) {
        this.flow = flow;
        this.context = context;
        this.ingress = ingress;
        this.ingressWidth = ingressWidth;
        this.levels = List.copyOf(levels);
        this.egresses = List.copyOf(egresses);
        this.drained = drained;
        this.loops = loops;
        this.ownExecutor = ownExecutor;
        this.drainTimeout = drainTimeout;
        this.page = page;
        if (page != null) {
            page.show(this::figures);
        }
        drained.thenRun(this::release);
        context.fatal().thenRun(this::abort);
    }

    /**
     * Waits until the topology has ended.
     *
     * @throws ExecutionException if something failed that it could not go on after, such as its source
     */
    public void await() throws InterruptedException, ExecutionException {
        done.get();
    }

    /**
     * Waits until the topology has ended, but no longer than {@code timeout}.
     *
     * @return whether it has ended
     * @throws ExecutionException if something failed that it could not go on after, such as its source
     */
    public boolean await(Duration timeout) throws InterruptedException, ExecutionException {
        try {
            done.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /**
     * Begins to end the topology, without waiting. What is on its way gets {@link ThreadRuntime.Builder#drainTimeout};
     * after that it is thrown away and counted, and clients get as long again to take what was sent.
     *
     * @return completes when the topology has ended; fails as {@link #await} does
     */
    public CompletableFuture<Void> closeAsync() {
        if (closing.compareAndSet(false, true)) {
            ingress.stop();
            after(drainTimeout, this::abort);
        }
        return done.copy();
    }

    /**
     * Ends the topology and waits until it has ended; why it ended is for {@link #await} to tell. On an event loop of the
     * topology, for example in a filter, it only begins to end; a worker uses {@link #closeAsync}, since it would wait
     * for itself.
     */
    @Override
    public void close() {
        CompletableFuture<Void> end = closeAsync();
        if (loops.inEventLoop()) {
            return;
        }
        try {
            end.join();
        } catch (CompletionException e) {
            // told by await
        }
    }

    /** Counters and gauges of every level and edge. */
    public DataflowStats stats() {
        List<LevelStats> levelStats = new ArrayList<>();
        List<EdgeStats> edges = levels.stream().map(RunningLevel::edgeStats).toList();
        levelStats.add(new LevelStats(
                flow.ingress().name(),
                ingressWidth,
                0,
                ingress.failures(),
                0,
                ingress.restarts(),
                ingress.connections()));
        levels.forEach(level -> levelStats.add(level.stats()));
        return new DataflowStats(flow.name(), levelStats, edges, context.lost());
    }

    /**
     * Where a network level listens.
     *
     * @param level its name
     * @throws IllegalArgumentException if no level of that name listens
     */
    public URI uri(String level) {
        Map<String, URI> uris = uris();
        URI uri = uris.get(level);
        if (uri == null) {
            throw new IllegalArgumentException("no level '" + level + "' listens; those that do: " + uris.keySet());
        }
        return uri;
    }

    /** Name and address of every level that listens, the ingress first. */
    public Map<String, URI> uris() {
        Map<String, URI> uris = new LinkedHashMap<>(ingress.uris(flow.ingress().name()));
        for (int i = 0; i < egresses.size(); i++) {
            addUri(uris, flow.egresses().get(i).name(), egresses.get(i).uri());
        }
        return uris;
    }

    private static void addUri(Map<String, URI> uris, String level, @Nullable URI uri) {
        if (uri != null) {
            uris.put(level, uri);
        }
    }

    /** Where the page of {@link Dataflow.Builder#page} is served; empty without one. */
    public Optional<URI> page() {
        return Optional.ofNullable(page).map(Page::uri);
    }

    private Figures figures() {
        Figures.Phase phase =
                drained.isDone() ? Figures.Phase.ENDED : closing.get() ? Figures.Phase.ENDING : Figures.Phase.RUNNING;
        return Figures.of(stats(), phase, ingress, levels, context.failure());
    }

    /** Throws away what is queued, so that every level comes to its end. */
    private void abort() {
        if (drained.isDone()) {
            return;
        }
        closing.set(true);
        context.abort();
        ingress.stop();
        levels.forEach(RunningLevel::aborted);
        egresses.forEach(OpenEgress::abort);
        after(GRACE, this::interrupt);
    }

    /** Gives up on user code that does not return. */
    private void interrupt() {
        if (drained.isDone()) {
            return;
        }
        boolean interrupted = ownExecutor != null;
        LOG.log(
                WARNING,
                "'" + flow.name() + "' is closed while user code still runs; "
                        + (interrupted ? "it has been interrupted" : "its executor belongs to the caller"));
        if (ownExecutor != null) {
            ownExecutor.shutdownNow();
        }
        levels.forEach(RunningLevel::abandon);
        drained.complete(null);
    }

    private void release() {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        ends.add(ingress.closeAsync());
        egresses.forEach(egress -> ends.add(egress.closeAsync()));
        ends.addAll(context.closeResources());
        CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .exceptionally(failure -> null)
                .thenCompose(ended -> closePage())
                .exceptionally(failure -> null)
                .thenCompose(ended -> loops.closeAsync())
                .thenRun(this::end);
    }

    private CompletableFuture<Void> closePage() {
        return page == null ? CompletableFuture.completedFuture(null) : page.closeAsync();
    }

    private void end() {
        context.close();
        if (ownExecutor != null) {
            ownExecutor.shutdown();
        }
        levels.forEach(level -> context.countLost(level.edgeStats().queued()));
        long lost = context.lost();
        if (lost > 0) {
            LOG.log(WARNING, "'" + flow.name() + "' ended with " + lost + " items lost on their way");
        }
        context.failure().whenComplete((none, failure) -> done.completeExceptionally(failure));
        done.complete(null);
    }

    private static void after(Duration delay, Runnable action) {
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
                .execute(action);
    }

    @Override
    public String toString() {
        String state = done.isDone() ? "ended" : closing.get() ? "closing" : "running";
        return "RunningDataflow[" + flow.name() + ", " + state + "]";
    }
}
