package io.mutil.pipe;

import io.mutil.codec.OutgoingFrame;
import io.mutil.codec.internal.FrameOutbox;
import io.mutil.codec.internal.Framing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The direction of a pipe that frames go to. */
final class WriteHalf {
    private final String name;
    private final Output output;
    private final FrameOutbox outbox;
    private final Duration drainTimeout;
    private final Threads threads;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    WriteHalf(String name, Output output, Settings settings) {
        this.name = name;
        this.output = output;
        this.outbox = new FrameOutbox(
                Framing.bare(settings.format()), settings.allocator(), settings.outboundQueueBytes(), output);
        this.drainTimeout = settings.drainTimeout();
        this.threads = settings.threads();
    }

    void start() {
        output.start(outbox);
    }

    void write(ByteBuffer payload) throws IOException, InterruptedException {
        refuseOwnThread("write", "writeAsync");
        outbox.write(Framing.DATA, payload);
    }

    CompletableFuture<Void> writeAsync(ByteBuffer payload) {
        return outbox.writeAsync(Framing.DATA, payload);
    }

    boolean tryWrite(ByteBuffer payload) {
        return outbox.tryWrite(Framing.DATA, payload);
    }

    OutgoingFrame open(long length) throws IOException, InterruptedException {
        return outbox.open(Framing.DATA, length);
    }

    private IOException closedFailure() {
        return new IOException(name + " is closed for writing");
    }

    void refuseOwnThread(String call, String instead) {
        outbox.refuseOwnThread(call, instead);
    }

    boolean isOwnThread() {
        return output.isOwnThread();
    }

    CompletableFuture<Void> drainAsync() {
        return outbox.drainAsync();
    }

    long frames() {
        return outbox.frames();
    }

    long bytes() {
        return outbox.bytes();
    }

    long queuedBytes() {
        return outbox.queuedBytes();
    }

    /**
     * Takes no more frames, and closes the end when what is queued has left, or the deadline has passed.
     *
     * @return completes when the end is closed; fails if that lost frames, or if some were lost before and no call told
     */
    CompletableFuture<Void> closeAsync() {
        if (!closing.getAndSet(true)) {
            CompletableFuture<Void> left = outbox.finish(closedFailure(), null);
            var deadline = threads.after(drainTimeout, "close", () -> end(late()));
            var unused = left.whenComplete((v, e) -> {
                deadline.cancel(false);
                end(e);
            });
        }
        return closed;
    }

    /** Takes no more frames, and closes the end at once. */
    CompletableFuture<Void> closeNow() {
        closing.set(true);
        end(null);
        return closed;
    }

    private IOException late() {
        return new IOException(name + " was closed with " + outbox.queuedBytes()
                + " bytes queued, which the reader did not take within the drainTimeout of " + drainTimeout);
    }

    /** @param lost why frames were lost, null if none were */
    private void end(@Nullable Throwable lost) {
        outbox.close(lost == null ? closedFailure() : lost);
        var unused = output.closeAsync().thenRun(() -> {
            if (lost == null) {
                closed.complete(null);
            } else {
                closed.completeExceptionally(lost);
            }
        });
    }

    @Override
    public String toString() {
        return name;
    }
}
