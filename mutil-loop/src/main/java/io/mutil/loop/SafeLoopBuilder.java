package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.Executor;

/** Choices for a {@link SafeLoop}. Single use, not thread-safe. */
public final class SafeLoopBuilder {
    private Duration grace = Duration.ofSeconds(10);
    private Duration closeDeadline = Duration.ofSeconds(10);
    private Executor executor = LoopThreads.perTask();
    private SafeLoop.OnFailure onFailure = SafeLoop.OnFailure.STOP;
    private boolean signals = true;

    SafeLoopBuilder() {}

    /**
     * How long the tasks have to end once they were told to; whoever still runs then is reported and left alone.
     *
     * @param grace not negative; default 10 s
     */
    public SafeLoopBuilder grace(Duration grace) {
        this.grace = SafeLoopChecks.notNegative("grace", grace);
        return this;
    }

    /**
     * How long each close hook and each resource has that names no time of its own.
     *
     * @param deadline positive; default 10 s
     */
    public SafeLoopBuilder closeDeadline(Duration deadline) {
        closeDeadline = SafeLoopChecks.positive("closeDeadline", deadline);
        return this;
    }

    /**
     * Runs the tasks and the body. Default: a thread for each that is named like it, virtual on JDK 21 and later, otherwise a
     * daemon.
     *
     * <p>It must run them on threads of their own, all at the same time. A task that it refuses has failed. It is not shut down.
     */
    public SafeLoopBuilder executor(Executor executor) {
        this.executor = requireNonNull(executor, "executor");
        return this;
    }

    /** What a failed task means for the others. Default: they are told to end. */
    public SafeLoopBuilder onFailure(SafeLoop.OnFailure onFailure) {
        this.onFailure = requireNonNull(onFailure, "onFailure");
        return this;
    }

    /**
     * Whether SIGINT, SIGTERM and the end of the JVM end the program. Default true. Without, nothing of the process is touched:
     * no handler, no shutdown hook.
     */
    public SafeLoopBuilder signals(boolean signals) {
        this.signals = signals;
        return this;
    }

    /**
     * Runs a program to its end, as {@link SafeLoop#run} does. An interrupt of the calling thread {@linkplain SafeLoop#stop stops}
     * it; the thread is interrupted when this returns.
     *
     * @return the exit code
     */
    public int run(SafeLoop.Body body) {
        SafeLoop loop = loop();
        loop.conduct(requireNonNull(body, "body"));
        return loop.exitCode();
    }

    /**
     * Begins to run a program, and returns at once. A daemon thread looks after it, {@code safe-loop}. As the threads of the tasks
     * are daemons too unless chosen otherwise, the JVM does not wait for the program: {@link SafeLoop#await} does.
     */
    public SafeLoop start(SafeLoop.Body body) {
        requireNonNull(body, "body");
        SafeLoop loop = loop();
        LoopThreads.daemon("safe-loop", () -> loop.conduct(body)).start();
        return loop;
    }

    private SafeLoop loop() {
        return new SafeLoop(grace, closeDeadline, executor, onFailure, signals);
    }
}
