package io.mutil.codec.internal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Why an outbox takes or sends nothing any more, what it has lost, and whether any call has told of that. Used under the
 * lock of its {@link FrameOutbox}.
 */
final class Ending {
    /** Why nothing new is taken. */
    private @Nullable Throwable refusal;
    /** Why nothing leaves any more. */
    private @Nullable Throwable closed;
    /** Why something that was queued has never left. */
    private @Nullable Throwable lost;

    private long lostBytes;
    /** Some of what was lost has no future that tells of it. */
    private boolean lostSilently;
    /** Some call has failed because of the loss. */
    private boolean told;

    /** Takes nothing new from now on; the first reason counts. */
    void refuse(Throwable why) {
        if (refusal == null) {
            refusal = why;
        }
    }

    /** Nothing leaves from now on. */
    void close(Throwable why) {
        refuse(why);
        closed = why;
    }

    /** So many bytes that were queued will never leave. */
    void lose(long bytes) {
        lost = closed;
        lostBytes = bytes;
    }

    /** This is among what was lost. */
    void lose(Piece piece) {
        lostSilently |= piece.isSilent();
        told |= piece.isMarked();
    }

    /** Somebody learns of the loss. */
    void tell() {
        told = true;
    }

    boolean refuses() {
        return refusal != null;
    }

    boolean isClosed() {
        return closed != null;
    }

    /** Why nothing leaves any more. */
    @Nullable
    Throwable closed() {
        return closed;
    }

    long lostBytes() {
        return lostBytes;
    }

    /** What a call is told that asks for all of the past; null if nothing was lost. */
    @Nullable
    Throwable tellLoss() {
        told |= lost != null;
        return lost;
    }

    /** What a last call is told; null if nothing was lost, or somebody knows. */
    @Nullable
    Throwable tellUntold() {
        if (!lostSilently || told) {
            return null;
        }
        told = true;
        return closed;
    }

    /** What a new frame is told; null if it is taken. */
    @Nullable
    Throwable tellRefusal() {
        told |= refusal != null && refusal == closed;
        return refusal;
    }

    void requireOpen() throws IOException {
        Throwable why = tellRefusal();
        if (why != null) {
            throw Waiting.failure(why);
        }
    }

    void requireNotClosed() throws IOException {
        if (closed != null) {
            told = true;
            throw Waiting.failure(closed);
        }
    }
}
