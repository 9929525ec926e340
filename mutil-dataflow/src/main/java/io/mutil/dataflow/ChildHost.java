package io.mutil.dataflow;

import static java.lang.System.Logger.Level.WARNING;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.codec.FrameFormat;
import io.mutil.pipe.ChildProcess;
import io.mutil.pipe.Pipe;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A child process that runs workers of one level, and the next one after it has died. */
final class ChildHost {
    private static final System.Logger LOG = System.getLogger(Dataflow.class.getName());
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** Frames of items, and one item that is as long as it may be. */
    static final FrameFormat FORMAT = FrameFormat.littleEndian(4).maxBytes(32 << 20);

    private final FlowContext context;
    private final WorkerLevel<?, ?> level;
    private final boolean stopsWhenItDies;
    private final List<? extends ProcessTask<?, ?>> tasks;
    private final byte[] assignment;
    private final SharedClasses shared;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final RestartWindow window;
    private @Nullable Life life;

    ChildHost(
            FlowContext context,
            WorkerLevel<?, ?> level,
            byte[] assignment,
            SharedClasses shared,
            List<? extends ProcessTask<?, ?>> tasks) {
        this.context = context;
        this.level = level;
        this.assignment = assignment;
        this.shared = shared;
        this.tasks = tasks;
        this.stopsWhenItDies =
                level.supervision().isEmpty() || level.supervisionOfItems().action() == Supervision.Action.STOP;
        this.window = new RestartWindow(level.supervision()
                .filter(declared -> declared.action() == Supervision.Action.RESTART)
                .orElse(Supervision.restart()));
    }

    byte[] assignment() {
        return assignment;
    }

    /**
     * Starts the first child.
     *
     * @return completes when its workers have started
     */
    CompletableFuture<Void> start() throws IOException {
        live(shared.command());
        return ready;
    }

    /** Room for what a worker may have under way, batches that are begun at the end of that, and one long item. */
    private static int outboundBytes(int workers) {
        return (int) Math.min(Integer.MAX_VALUE, FORMAT.maxBytes() + 2L * workers * ProcessTask.MAX_BYTES);
    }

    private void live(List<String> command) throws IOException {
        ChildProcess process = ChildProcess.builder(new ProcessBuilder(command))
                .pipe(Pipe.builder().format(FORMAT).outboundQueueBytes(outboundBytes(tasks.size())))
                .grace(GRACE)
                .start();
        var next = new Life(process);
        lock.lock();
        try {
            life = next;
        } finally {
            lock.unlock();
        }
        next.begin();
        if (closing.get()) {
            var unused = process.closeAsync();
        }
    }

    /** One child from its start to its end. */
    final class Life {
        private final ChildProcess process;
        private final AtomicBoolean over = new AtomicBoolean();

        Life(ChildProcess process) {
            this.process = process;
        }

        void begin() {
            var frame = ByteBuffer.allocate(1 + assignment.length);
            send(frame.put(Entry.ASSIGN).put(assignment).flip());
            readNext();
        }

        /** Sends a frame, which is released when it has left. */
        void send(ByteBuf frame) {
            var unused = process.pipe().writeAsync(frame.nioBuffer()).whenComplete((v, e) -> {
                frame.release();
                if (e != null) {
                    over(e);
                }
            });
        }

        private void send(ByteBuffer frame) {
            var unused = process.pipe().writeAsync(frame).whenComplete((v, e) -> {
                if (e != null) {
                    over(e);
                }
            });
        }

        /** Takes the next frame of the child; whoever gets it asks for the one after it. */
        void readNext() {
            var unused = process.pipe().readAsync().whenComplete((frame, e) -> {
                if (frame == null) {
                    over(e == null ? new IOException("it closed its output") : e);
                } else {
                    take(frame);
                }
            });
        }

        private void take(ByteBuffer frame) {
            switch (frame.get()) {
                case Entry.READY -> {
                    tasks.forEach(task -> task.isUp(this));
                    ready.complete(null);
                    readNext();
                }
                case Entry.NOT_STARTED -> {
                    notStarted(UTF_8.decode(frame).toString());
                    over(new IOException("its workers did not start"));
                }
                case Entry.ENDED -> tasks.get(frame.getInt()).hasEnded(this);
                default -> tasks.get(frame.getInt()).arrived(this, frame);
            }
        }

        private void notStarted(String why) {
            ready.completeExceptionally(new IllegalStateException(
                    "a worker of '" + level.name() + "' did not start in its process: " + why));
        }

        /** The process has ended, or nothing more can be said to it or heard from it. */
        void over(Throwable why) {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            var unused = process.closeAsync();
            if (closing.get()) {
                tasks.forEach(task -> task.isDown(this));
                return;
            }
            var failure = new IOException(
                    "a process of '" + level.name() + "' (" + process.process().pid()
                            + ") has ended; what its workers had taken is lost",
                    why);
            if (ready.completeExceptionally(failure)) {
                return;
            }
            tasks.forEach(task -> task.isDown(this));
            succeed(failure);
        }
    }

    private void succeed(Throwable failure) {
        Duration delay = stopsWhenItDies ? null : nextDelay();
        if (delay == null) {
            context.fail(failure);
            return;
        }
        LOG.log(WARNING, failure.getMessage() + "; another starts in " + delay, failure);
        context.timer().after(delay, () -> execute(this::liveAgain));
    }

    private @Nullable Duration nextDelay() {
        lock.lock();
        try {
            return window.next(context.timer().nanoTime());
        } finally {
            lock.unlock();
        }
    }

    private void liveAgain() {
        if (closing.get() || context.isAborted()) {
            return;
        }
        try {
            // the shared classes may be gone by then, or on their way
            live(shared.commandWithout());
        } catch (IOException e) {
            succeed(e);
        }
    }

    private void execute(Runnable task) {
        try {
            context.spare().execute(task);
        } catch (Throwable e) {
            context.fail(e);
        }
    }

    /** Ends the child: in order if its input can end, by force if not. */
    CompletableFuture<Void> closeAsync() {
        closing.set(true);
        Life last;
        lock.lock();
        try {
            last = life;
        } finally {
            lock.unlock();
        }
        return last == null ? CompletableFuture.completedFuture(null) : last.process.closeAsync();
    }
}
