package io.mutil.dataflow;

import io.mutil.codec.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Builds the running form of a topology, from its end to its beginning, so that every sender finds its receivers. */
final class Assembly {
    private final Dataflow flow;
    private final @Nullable ExecutorService ownExecutor;
    private final FlowContext context;
    private final FlowLoops loops;
    private final Duration drainTimeout;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final List<RunningLevel> levels = new ArrayList<>();
    private final List<OpenEgress<?>> egresses = new ArrayList<>();
    private final List<AutoCloseable> workers = new ArrayList<>();
    private final List<Children<?, ?>> processes = new ArrayList<>();
    private final List<Runnable> ticks = new ArrayList<>();
    private @Nullable Page page;

    Assembly(Dataflow flow, @Nullable Executor executor, Transport transport, int ioThreads, Duration drainTimeout) {
        this(
                flow,
                executor,
                WorkerThreads.spare(flow.name()),
                new ThreadTimer(new NamedThreads(flow.name() + "-timer")),
                transport,
                ioThreads,
                drainTimeout);
    }

    Assembly(
            Dataflow flow,
            @Nullable Executor executor,
            Executor spare,
            FlowTimer timer,
            Transport transport,
            int ioThreads,
            Duration drainTimeout) {
        this.flow = flow;
        if (executor == null) {
            ownExecutor = WorkerThreads.forFlow(flow.name());
            context = new FlowContext(ownExecutor, spare, timer);
        } else {
            ownExecutor = null;
            context = new FlowContext(executor, spare, timer);
        }
        this.loops = new FlowLoops(transport, ioThreads, new NamedThreads(flow.name() + "-io"), drainTimeout);
        this.drainTimeout = drainTimeout;
    }

    RunningDataflow start() throws IOException {
        try {
            return assemble();
        } catch (IOException | RuntimeException | Error e) {
            abandon(e);
            throw e;
        }
    }

    @SuppressWarnings("unchecked") // the builder has checked that what one level sends the next one takes
    private RunningDataflow assemble() throws IOException {
        List<WorkerLevel<?, ?>> workerLevels = flow.levels();
        String lastSender = workerLevels.isEmpty()
                ? flow.ingress().name()
                : workerLevels.get(workerLevels.size() - 1).name();
        List<List<Worker<Object, Object>>> started = new ArrayList<>();
        for (WorkerLevel<?, ?> level : workerLevels) {
            started.add(startWorkers((WorkerLevel<Object, Object>) level));
        }
        Next next = openEgresses(lastSender);
        for (int i = workerLevels.size() - 1; i >= 0; i--) {
            String from =
                    i == 0 ? flow.ingress().name() : workerLevels.get(i - 1).name();
            next = openWorkers((WorkerLevel<Object, Object>) workerLevels.get(i), started.get(i), from, next);
        }
        Children.start(processes);
        if (flow.page() != null) {
            page = Page.open(flow.name(), flow.page(), loops);
        }
        var ingress = (Ingress<Object>) flow.ingress();
        int senders = ingress.senders(loops);
        var stage = new Stage(senders, next::endInput);
        OpenIngress open = ingress.start(ingress.name(), context, loops, next.senders(senders, context), stage);
        ticks.forEach(Runnable::run);
        var running = new RunningDataflow(
                flow, context, open, senders, levels, egresses, drained, loops, ownExecutor, drainTimeout, page);
        open.begin();
        return running;
    }

    @SuppressWarnings("unchecked")
    private Next openEgresses(String from) throws IOException {
        var stage = new Stage(flow.egresses().size(), () -> drained.complete(null));
        List<Target<Object>> targets = new ArrayList<>();
        List<RunningLevel> running = new ArrayList<>();
        for (EgressLevel<?> level : flow.egresses()) {
            var egress = (EgressLevel<Object>) level;
            var failures = new Failures<Object>(egress.name(), egress.onError());
            OpenEgress<Object> open = egress.opener().open(context, loops, egress, stage, failures);
            egresses.add(open);
            targets.add(new Target<>(
                    egress.name(),
                    open.task(),
                    open.task().inbox(),
                    egress.filter().orElse(null),
                    failures));
            running.add(
                    new RunningLevel(egress.name(), from, egress.edge(), List.of(open.task()), failures::count, open));
        }
        levels.addAll(running);
        return new Next(targets, null, true, running);
    }

    private Next openWorkers(
            WorkerLevel<Object, Object> level, List<Worker<Object, Object>> started, String from, Next next) {
        var failures = new Failures<>(level.name(), level.onError());
        var stage = new Stage(level.howMany(), next::endInput);
        List<Sender<Object>> senders = next.senders(level.howMany(), context);
        List<? extends ReceiverTask<Object>> tasks = level.processes().isEmpty()
                ? onThreads(level, started, stage, senders, failures)
                : inProcesses(level, stage, senders, failures);
        List<Target<Object>> targets = new ArrayList<>();
        tasks.forEach(task -> targets.add(new Target<>(level.name(), task, task.inbox(), null, failures)));
        var running = new RunningLevel(level.name(), from, level.edge(), tasks, failures::count, OpenEnd.NONE);
        levels.add(0, running);
        return new Next(targets, level.routing(), false, List.of(running));
    }

    private List<WorkerTask<Object, Object>> onThreads(
            WorkerLevel<Object, Object> level,
            List<Worker<Object, Object>> started,
            Stage stage,
            List<Sender<Object>> senders,
            Failures<Object> failures) {
        List<WorkerTask<Object, Object>> tasks = new ArrayList<>();
        for (int i = 0; i < level.howMany(); i++) {
            tasks.add(new WorkerTask<>(context, stage, level, i, started.get(i), senders.get(i), failures));
        }
        if (!level.tick().isZero()) {
            ticks.add(() -> context.timer().every(level.tick(), () -> tasks.forEach(WorkerTask::tick)));
        }
        return tasks;
    }

    private List<ProcessTask<Object, Object>> inProcesses(
            WorkerLevel<Object, Object> level, Stage stage, List<Sender<Object>> senders, Failures<Object> failures) {
        var children = new Children<>(context, level, stage, senders, failures);
        context.onEnd(children::closeAsync);
        processes.add(children);
        return children.tasks();
    }

    private List<Worker<Object, Object>> startWorkers(WorkerLevel<Object, Object> level) {
        List<Worker<Object, Object>> started = new ArrayList<>();
        for (int i = 0; level.processes().isEmpty() && i < level.howMany(); i++) {
            started.add(startWorker(level, i));
        }
        return started;
    }

    private Worker<Object, Object> startWorker(WorkerLevel<Object, Object> level, int index) {
        Worker<Object, Object> worker;
        try {
            worker = level.factory().start(new WorkerContext(level.name(), index, level.howMany()));
        } catch (Exception e) {
            throw new IllegalStateException("worker " + index + " of '" + level.name() + "' did not start", e);
        }
        if (worker instanceof AutoCloseable closeable) {
            workers.add(closeable);
        }
        return worker;
    }

    /** Closes what was opened before something failed. */
    private void abandon(Throwable failure) {
        for (AutoCloseable worker : workers) {
            try {
                worker.close();
            } catch (Throwable e) {
                failure.addSuppressed(e);
            }
        }
        egresses.forEach(egress -> egress.closeAsync().join());
        if (page != null) {
            page.closeAsync().join();
        }
        loops.closeAsync().join();
        context.closeResources().forEach(CompletableFuture::join);
        context.close();
        if (ownExecutor != null) {
            ownExecutor.shutdown();
        }
    }

    /** The level after the one that is being built. */
    private record Next(
            List<Target<Object>> targets,
            @Nullable Key<? super Object> key,
            boolean isEgress,
            List<RunningLevel> levels) {
        List<Sender<Object>> senders(int count, FlowContext context) {
            List<Sender<Object>> senders = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                senders.add(
                        isEgress ? Sender.toEgresses(targets, context) : Sender.toWorkers(targets, key, i, context));
            }
            return senders;
        }

        void endInput() {
            levels.forEach(RunningLevel::endInput);
        }
    }
}
