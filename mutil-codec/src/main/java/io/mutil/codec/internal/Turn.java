package io.mutil.codec.internal;

import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A place in the order of the writes of a {@link FrameOutbox} that stays open for more. For one thread at a time. */
public final class Turn {
    private final FrameOutbox outbox;
    private final boolean exempt;
    private final CompletableFuture<Void> first = new CompletableFuture<>();

    // under the lock of the outbox
    final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    final List<CompletableFuture<Void>> marks = new ArrayList<>(1);
    boolean open = true;
    /** Bytes that have not left, and never will if the outbox is closed. */
    long queued;

    /** @param exempt whether what is left of it when it ends is still none of the bytes that are bounded */
    Turn(FrameOutbox outbox, boolean exempt) {
        this.outbox = outbox;
        this.exempt = exempt;
    }

    /** Whether what is queued of it does not count against the capacity. Under the lock of the outbox. */
    boolean isExempt() {
        return open || exempt;
    }

    /**
     * When nothing is before this turn any more, so that what is added leaves next.
     *
     * @return completes on the thread of the drain, which what depends on it must not block; fails if the queue is closed
     */
    public CompletableFuture<Void> first() {
        if (outbox.isFirst(this)) {
            first.complete(null);
        }
        return first;
    }

    /** Nothing is before it any more. Without the lock. */
    void reached() {
        first.complete(null);
    }

    /** It never will be first. Without the lock. */
    void closed(Throwable why) {
        first.completeExceptionally(why);
    }

    /**
     * Queues a message without regard to room, taking over the caller's reference.
     *
     * @param frames how many frames end with it, for the statistics
     * @return completes when its bytes have left
     */
    public CompletableFuture<Void> add(ReferenceCounted message, long bytes, int frames) {
        var sent = new CompletableFuture<Void>();
        add(message, bytes, frames, sent);
        return sent;
    }

    /**
     * As {@link #add(ReferenceCounted, long, int)}, for who has to learn of a failure before anything else follows from
     * it: what depends on the future runs first if it is attached already.
     *
     * @param sent null for who asks {@link #requireIntact}
     */
    public void add(ReferenceCounted message, long bytes, int frames, @Nullable CompletableFuture<Void> sent) {
        outbox.add(this, message, bytes, frames, sent);
    }

    /** Waits until no more than so many bytes of this turn are queued. */
    public void awaitAtMost(long bytes) throws IOException, InterruptedException {
        outbox.awaitAtMost(this, bytes);
    }

    /** Fails if nothing that is added can leave any more. */
    void requireOpen() throws IOException {
        outbox.requireNotClosed();
    }

    /** Fails if something that was added has been lost. */
    void requireIntact() throws IOException {
        outbox.requireIntact(this);
    }

    /** Lets what comes after this turn leave. */
    public void close() {
        outbox.end(this);
    }

    /** Gives up inside a frame: the stream ends here. */
    public void abort(Throwable why) {
        outbox.abort(why);
    }
}
