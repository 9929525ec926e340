package io.mutil.codec.internal;

import io.netty.util.ReferenceCounted;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that leave in one go: many packed frames, a long one, or a region of a file.
 *
 * <p>Whoever takes it from a {@link FrameOutbox} writes the message, which takes over its reference, and then calls
 * {@link #left} or {@link #failed} once.
 */
public final class Piece {
    private final FrameOutbox outbox;
    private final @Nullable Turn turn;
    private final ReferenceCounted message;
    private long bytes;
    private int frames;
    private @Nullable List<CompletableFuture<Void>> sent;
    private boolean silent;
    private boolean marked;
    private boolean gone;

    Piece(FrameOutbox outbox, @Nullable Turn turn, ReferenceCounted message) {
        this.outbox = outbox;
        this.turn = turn;
        this.message = message;
    }

    /** A {@code ByteBuf} or a {@code FileRegion}. */
    public ReferenceCounted message() {
        return message;
    }

    /** How many bytes it stands for. */
    public long bytes() {
        return bytes;
    }

    /** Its bytes have been handed to the operating system. */
    public void left() {
        outbox.left(this);
    }

    /** Its bytes will never be: the stream is broken. */
    public void failed(Throwable why) {
        outbox.failed(this, why);
    }

    void add(long bytes, int frames, @Nullable CompletableFuture<Void> sent) {
        this.bytes += bytes;
        this.frames += frames;
        if (sent != null) {
            tell(sent);
        } else if (frames > 0 || turn != null) {
            silent = true;
        }
    }

    /** Tells as well that it has left, and with it all before it. */
    void mark(CompletableFuture<Void> done) {
        marked = true;
        tell(done);
    }

    private void tell(CompletableFuture<Void> future) {
        if (sent == null) {
            sent = new ArrayList<>(4);
        }
        sent.add(future);
    }

    /** It has left, though perhaps not all before it. */
    void gone() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    /** Whether the writers of some of it are not told what becomes of it. */
    boolean isSilent() {
        return silent;
    }

    /** Whether somebody is told who waits for what was written before. */
    boolean isMarked() {
        return marked;
    }

    @Nullable
    Turn turn() {
        return turn;
    }

    int frames() {
        return frames;
    }

    List<CompletableFuture<Void>> sent() {
        return sent == null ? List.of() : sent;
    }
}
