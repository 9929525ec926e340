package io.mutil.loop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the tasks of a program until they end or a signal comes, then ends it in order.
 *
 * <pre>{@code
 * System.exit(SafeLoop.run(scope -> {
 *     Server server = scope.use("server", Server.start());
 *     scope.fork("poll", () -> poll(server));
 *     scope.onClose("flush", Duration.ofSeconds(5), store::flush);
 * }));
 * }</pre>
 *
 * <p>The body is a task too, named {@code main}, on a thread of its own. The program ends when all tasks have ended that are not
 * in the background, when one of them fails, when somebody calls {@code stop}, and at SIGINT or SIGTERM. Then, in this order:
 *
 * <ol>
 *   <li>All tasks are interrupted, and no other begins.
 *   <li>They have the grace to end, 10 s unless chosen otherwise.
 *   <li>Resources are closed and close hooks run, the latest registered first, one after the other. Each has a thread of its own,
 *       never a virtual one, since tasks that do not end may keep all carriers. Each has its own deadline, 10 s unless chosen
 *       otherwise; one that passes it is interrupted and passed over.
 *   <li>Who did not end in time is logged with stack traces, all in one message.
 * </ol>
 *
 * <p>A task that was told to end and then throws because of an interrupt or a cancellation has ended well; any other exception
 * is a failure. The first failure is logged at once with the name of its task. Those that come while the program ends are logged
 * together, and suppressed in the first.
 *
 * <p>The exit code, the first of these that applies:
 *
 * <table>
 *   <caption>Exit codes</caption>
 *   <tr><td>{@value #HUNG}</td><td>somebody did not end in time</td></tr>
 *   <tr><td>{@value #FAILED}</td><td>a task or a close hook failed</td></tr>
 *   <tr><td>130, 143</td><td>SIGINT (128 + 2) or SIGTERM (128 + 15) came before the end of the last hook</td></tr>
 *   <tr><td>{@value #ENDED}</td><td>all ended well</td></tr>
 * </table>
 *
 * <p>A second signal ends the JVM at once, whatever is still to be done, with 128 + its number. A program that begins while others
 * end because of a signal is told of it at once. Handlers of signals are those of
 * the whole process, and put back when the last program has ended. The JDK has them in the module {@code jdk.unsupported}. Where
 * that is missing, or with {@code -Xrs}, and whenever the JVM ends for another reason, such as SIGHUP or a call of
 * {@code System.exit}, a shutdown hook does the same, with these differences: the exit code is the JVM's, a second signal is the
 * JVM's too, and what is logged may get lost, as logging may have been shut down. A task or a hook that calls {@code System.exit}
 * itself counts as ended. Under {@code -Xrs} signals end the JVM without any of this.
 *
 * <p>A running program may be used from any thread.
 */
public final class SafeLoop implements AutoCloseable {
    /** The exit code of a program that ended well. */
    public static final int ENDED = 0;

    /** The exit code of a program of which a task or a close hook failed. */
    public static final int FAILED = 1;

    /** The exit code of a program of which somebody did not end in time: {@code EX_SOFTWARE} of sysexits. */
    public static final int HUNG = 70;

    /** To which the number of the signal is added that ended a program, as shells do. */
    public static final int SIGNALLED = 128;

    /** Work that may fail. */
    @FunctionalInterface
    public interface Task {
        /** Does it. */
        void run() throws Exception;
    }

    /** Begins the tasks of a program. */
    @FunctionalInterface
    public interface Body {
        /**
         * Does it; may itself go on for as long as it likes.
         *
         * @param scope of the program
         */
        void run(SafeLoopScope scope) throws Exception;
    }

    /** What a failed task means for the others. The exit code is {@link SafeLoop#FAILED} in either case. */
    public enum OnFailure {
        /** They are told to end. */
        STOP,
        /** They go on. */
        GO_ON
    }

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final Duration grace;
    private final boolean signals;
    private final SafeLoopReport report = new SafeLoopReport();
    private final SafeLoopClosers closers = new SafeLoopClosers(report);
    private final SafeLoopTasks tasks;
    private final SafeLoopScope scope;
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile int exitCode = FAILED;

    SafeLoop(Duration grace, Duration closeDeadline, Executor executor, OnFailure onFailure, boolean signals) {
        this.grace = grace;
        this.signals = signals;
        tasks = new SafeLoopTasks(executor, onFailure, report);
        scope = new SafeLoopScope(tasks, closers, closeDeadline);
    }

    /**
     * Runs a program to its end. An interrupt of the calling thread stops it, as {@link #stop} does: the exit code is then 0 too if
     * all ended well, and the thread is interrupted when this returns.
     *
     * @return the exit code, for {@code System.exit}
     */
    public static int run(Body body) {
        return builder().run(body);
    }

    /** Choices for a program, be it a whole process or a part of one. */
    public static SafeLoopBuilder builder() {
        return new SafeLoopBuilder();
    }

    /** Tells the tasks to end, and returns at once. The exit code is 0 if they do so well. */
    public void stop() {
        tasks.stop(0);
    }

    /**
     * Waits for the end of the program, its close hooks included.
     *
     * @return the exit code
     */
    public int await() throws InterruptedException {
        end.await();
        return exitCode;
    }

    /**
     * Stops the program and waits for its end, which the grace and the deadlines bound. Not for its own tasks, for which it would
     * wait too.
     */
    @Override
    public void close() {
        stop();
        awaitEnd();
    }

    /** What failed first, if anything did; all other failures are suppressed in it, up to a hundred. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(report.first());
    }

    /** What it is doing. */
    public SafeLoopStats stats() {
        return tasks.stats(closers.count());
    }

    /** For the log. */
    @Override
    public String toString() {
        return "SafeLoop" + stats();
    }

    int exitCode() {
        return exitCode;
    }

    /** Runs all of it on the calling thread, the tasks and the hooks excepted. */
    void conduct(Body body) {
        SafeLoopSignals listening = signals ? SafeLoopSignals.to(new Listener()) : null;
        try {
            tasks.fork("main", false, () -> body.run(scope));
            boolean interrupted = awaitWork();
            finish();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } finally {
            if (listening != null) {
                listening.close();
            }
            end.countDown();
        }
    }

    private boolean awaitWork() {
        try {
            tasks.awaitWork();
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void finish() {
        tasks.stop(0);
        tasks.awaitEnd(grace);
        for (SafeLoopTask task : tasks.running()) {
            report.hung("task \"" + task.name() + "\"", grace, task.thread());
        }
        closers.closeAll();
        exitCode = report.finish(tasks.signal());
    }

    private void awaitEnd() {
        boolean interrupted = false;
        while (true) {
            try {
                end.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Listener implements SafeLoopSignals.Listener {
        @Override
        public void signalled(int number) {
            tasks.stop(number);
        }

        @Override
        public void shutdown() {
            tasks.stop(0);
            boolean over = false;
            while (!over) {
                // again and again, as whoever is told to end may answer that with an exit
                tasks.running().forEach(SafeLoopTask::abandonIfExiting);
                closers.abandonIfExiting();
                over = awaitEnd(BETWEEN_LOOKS);
            }
        }

        private boolean awaitEnd(Duration most) {
            try {
                return end.await(most.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                // the JVM waits for this thread, so nothing ends it early
                return false;
            }
        }
    }
}
