package io.mutil.pipe;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.Reader;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A program that was started here and speaks frames on its standard input and output.
 *
 * <p>What it prints to standard error goes to the {@link System.Logger} of this class, line by line at level INFO, after
 * its process number; longer lines than 4096 characters are cut into several.
 *
 * <p>The child ends with its parent if it ends with its input: however the parent ends, even when it is killed, the
 * operating system closes its end of that pipe. A child that reads a {@link Pipe} gets null then, and should return from
 * its main method.
 *
 * <p>Safe for many threads.
 *
 * <pre>{@code
 * try (ChildProcess child = ChildProcess.start(new ProcessBuilder("java", "-cp", classPath, "Worker"))) {
 *     child.pipe().write(request);
 *     ByteBuffer reply = child.pipe().read();
 * }
 * }</pre>
 */
public final class ChildProcess implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(ChildProcess.class.getName());
    private static final long LAST_LINES_MILLIS = 500;

    private final Process process;
    private final String name;
    private final Duration grace;
    private final Threads threads;
    private final Pipe pipe;
    private final CompletableFuture<Void> errorsRead = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private ChildProcess(Process process, Duration grace, Pipe.Builder options) {
        this.process = process;
        this.name = "child " + process.pid();
        this.grace = grace;
        this.threads = options.newThreads();
        this.pipe = options.overChild(name, process.getInputStream(), process.getOutputStream());
    }

    /**
     * Starts a program.
     *
     * @throws IllegalArgumentException if the builder redirects the input or the output, or mixes errors into the output
     * @throws IOException if it cannot be started
     */
    public static ChildProcess start(ProcessBuilder program) throws IOException {
        return builder(program).start();
    }

    /** Begins the configuration of a child. */
    public static Builder builder(ProcessBuilder program) {
        return new Builder(requireNonNull(program, "program"));
    }

    /** Frames that the child finds on its input, and those that it prints. Closed with the child. */
    public Pipe pipe() {
        return pipe;
    }

    /** The process. Its streams are in use. */
    public Process process() {
        return process;
    }

    /**
     * Completes with the exit status when the child has ended; what it printed before can still be read. That happens on a
     * thread of the JDK's, as a rule of its common pool, unless the child had ended before: what depends on it must not
     * block.
     */
    public CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /**
     * Ends the child: ends its input behind the frames that are queued, drops what it still prints, and gives it the grace
     * time to end by itself; then {@link Process#destroy}, and after as long again {@link Process#destroyForcibly}. A
     * second close changes nothing.
     *
     * @return completes when the child has ended and its streams are closed
     */
    public CompletableFuture<Void> closeAsync() {
        if (!closing.getAndSet(true)) {
            pipe.discardInput();
            var unusedOutput = pipe.closeOutputAsync();
            var destroy = threads.after(grace, "child", this::destroy);
            var destroyForcibly = threads.after(grace.multipliedBy(2), "child", this::destroyForcibly);
            var unused = process.onExit().whenComplete((p, e) -> {
                destroy.cancel(false);
                destroyForcibly.cancel(false);
                closeStreams();
            });
        }
        return closed.copy();
    }

    private void destroy() {
        LOGGER.log(
                Level.WARNING, () -> name + " did not end within " + grace + " of the end of its input; destroying it");
        process.destroy();
    }

    private void destroyForcibly() {
        LOGGER.log(Level.WARNING, () -> name + " still runs " + grace + " later; destroying it forcibly");
        var unused = process.destroyForcibly();
    }

    private void closeStreams() {
        // a grandchild that has inherited the stream may hold it for ever
        var lastLines = errorsRead.copy().completeOnTimeout(null, LAST_LINES_MILLIS, TimeUnit.MILLISECONDS);
        var unused = pipe.closeNowAsync().whenComplete((v, e) -> {
            var unusedToo = lastLines.thenRun(() -> closed.complete(null));
        });
    }

    /**
     * Closes as {@link #closeAsync} does and waits for the end, which takes about twice the grace time at most; longer only
     * if the operating system cannot end the child, as while that is stuck in a device. An interrupt ends the wait, not the
     * closing.
     */
    @Override
    public void close() {
        try {
            closeAsync().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("closing " + name + " failed", e.getCause());
        }
    }

    private void logErrors() {
        try (Reader in = process.errorReader()) {
            new LineLog(line -> LOGGER.log(Level.INFO, () -> name + ": " + line)).readAll(in);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, () -> "reading the errors of " + name + " ended", e);
        } finally {
            errorsRead.complete(null);
        }
    }

    @Override
    public String toString() {
        return "ChildProcess[" + process.pid() + ", " + (process.isAlive() ? "running" : "ended " + process.exitValue())
                + "]";
    }

    /** Choices for a child. Used once; not for many threads. */
    public static final class Builder {
        private final ProcessBuilder program;
        private Pipe.Builder options = Pipe.builder();
        private Duration grace = Duration.ofSeconds(5);

        private Builder(ProcessBuilder program) {
            this.program = program;
        }

        /**
         * Choices for the frames. Default those of {@link Pipe#builder()}. A child has a thread for each stream, made by the
         * same {@code threads}; {@code eventLoops} are not used.
         */
        public Builder pipe(Pipe.Builder options) {
            this.options = requireNonNull(options, "options");
            return this;
        }

        /** How long the child may take to end after the end of its input. Default 5 s. */
        public Builder grace(Duration grace) {
            if (grace.isNegative() || grace.compareTo(Duration.ofDays(365)) > 0) {
                throw new IllegalArgumentException("grace must be from zero to a year, was " + grace);
            }
            this.grace = grace;
            return this;
        }

        /**
         * Starts the program.
         *
         * @throws IllegalArgumentException if the builder redirects the input or the output, or mixes errors into the
         *     output
         * @throws IOException if it cannot be started
         */
        public ChildProcess start() throws IOException {
            requirePipe("input", program.redirectInput());
            requirePipe("output", program.redirectOutput());
            if (program.redirectErrorStream()) {
                throw new IllegalArgumentException(
                        "redirectErrorStream would mix messages into the frames; leave it false");
            }
            Process process = program.start();
            try {
                var child = new ChildProcess(process, grace, options);
                child.threads.run("errors-" + child.name, child::logErrors);
                return child;
            } catch (RuntimeException | Error e) {
                // as for want of a thread: nobody would end it
                var unused = process.destroyForcibly();
                throw e;
            }
        }

        private static void requirePipe(String stream, Redirect redirect) {
            if (!redirect.equals(Redirect.PIPE)) {
                throw new IllegalArgumentException("standard " + stream + " carries the frames, it was redirected to "
                        + redirect + "; leave it a pipe");
            }
        }
    }
}
