package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What the body of a {@link SafeLoop}, and its tasks, may do with it. Safe for use by many threads.
 *
 * <p>Resources and close hooks can only be added: they are kept until the program ends. One that comes and goes belongs to the
 * task that uses it, in a {@code try} of its own.
 */
public final class SafeLoopScope {
    private final SafeLoopTasks tasks;
    private final SafeLoopClosers closers;
    private final Duration closeDeadline;

    SafeLoopScope(SafeLoopTasks tasks, SafeLoopClosers closers, Duration closeDeadline) {
        this.tasks = tasks;
        this.closers = closers;
        this.closeDeadline = closeDeadline;
    }

    /**
     * Begins a task that keeps the program alive. It is interrupted when the program is to end.
     *
     * @param name for its thread, the log and reports
     * @return to cancel it or to wait for it; may be ignored. Once the program is to end no task begins any more, and this one is
     *     cancelled
     */
    public SafeLoopTask fork(String name, SafeLoop.Task task) {
        return tasks.fork(requireNonNull(name, "name"), false, requireNonNull(task, "task"));
    }

    /** Begins a task like {@link #fork}, but one that is interrupted too when all those have ended. */
    public SafeLoopTask background(String name, SafeLoop.Task task) {
        return tasks.fork(requireNonNull(name, "name"), true, requireNonNull(task, "task"));
    }

    /**
     * Has a resource closed at the end of the program.
     *
     * @param name for reports
     * @return the resource
     * @throws IllegalStateException if the hooks have begun to run; the resource was closed
     */
    public <T extends AutoCloseable> T use(String name, T resource) {
        return use(name, closeDeadline, resource);
    }

    /**
     * Has a resource closed at the end of the program.
     *
     * @param name for reports
     * @param deadline how long that may take; positive
     * @return the resource
     * @throws IllegalStateException if the hooks have begun to run; the resource was closed
     */
    public <T extends AutoCloseable> T use(String name, Duration deadline, T resource) {
        requireNonNull(name, "name");
        SafeLoopChecks.positive("deadline", deadline);
        if (!closers.add(name, deadline, resource::close)) {
            var late = late(name);
            try {
                resource.close();
            } catch (Exception e) {
                late.addSuppressed(e);
            }
            throw late;
        }
        return resource;
    }

    /**
     * Has work done at the end of the program.
     *
     * @param name for reports
     * @throws IllegalStateException if the hooks have begun to run
     */
    public void onClose(String name, SafeLoop.Task hook) {
        onClose(name, closeDeadline, hook);
    }

    /**
     * Has work done at the end of the program.
     *
     * @param name for reports
     * @param deadline how long it may take; positive. Then it is interrupted and reported, and the next one's turn comes
     * @throws IllegalStateException if the hooks have begun to run
     */
    public void onClose(String name, Duration deadline, SafeLoop.Task hook) {
        requireNonNull(name, "name");
        requireNonNull(hook, "hook");
        SafeLoopChecks.positive("deadline", deadline);
        if (!closers.add(name, deadline, hook)) {
            throw late(name);
        }
    }

    private static IllegalStateException late(String name) {
        return new IllegalStateException(
                "\"" + name + "\" comes too late: the program closes; register it before its tasks have ended");
    }

    /** Tells all tasks to end, the calling one too. Like every end without a signal it has the exit code 0. */
    public void stop() {
        tasks.stop(0);
    }

    /** Whether the program is to end: for loops that wait for nothing. */
    public boolean isStopping() {
        return tasks.isStopping();
    }

    /**
     * Waits until the program is to end. A task that does so is not interrupted by that: it returns from here, and has the grace
     * for what is left to do.
     *
     * @throws InterruptedException if somebody else interrupts it, or cancels it
     */
    public void awaitStop() throws InterruptedException {
        tasks.awaitStop();
    }
}
