package io.mutil.codec.internal;

import io.mutil.codec.IncomingFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The frame that is next, reserved for one reader. */
public final class FrameInPieces implements IncomingFrame {
    private static final int PIECE = 1 << 20;

    private final FrameInbox inbox;
    private final Runnable atEnd;
    private final long length;
    private volatile long remaining;
    private volatile boolean ended;

    /** Claims the frame that {@code frames} is at. Within a step. */
    public FrameInPieces(FrameInbox inbox, FrameParser frames) {
        this(inbox, frames, () -> {});
    }

    /**
     * As {@link #FrameInPieces(FrameInbox, FrameParser)}.
     *
     * @param atEnd runs when the frame has been read to its end or skipped, within a step
     */
    public FrameInPieces(FrameInbox inbox, FrameParser frames, Runnable atEnd) {
        this.inbox = inbox;
        this.atEnd = atEnd;
        this.length = frames.length();
        this.remaining = length;
        frames.claim(this);
        endIfRead(frames);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public long remaining() {
        return remaining;
    }

    @Override
    public @Nullable ByteBuffer read() throws IOException, InterruptedException {
        inbox.refuseOwnThread("read", "readAsync");
        return ended ? null : inbox.await(new NextPiece());
    }

    @Override
    public CompletableFuture<@Nullable ByteBuffer> readAsync() {
        return inbox.submit(new NextPiece());
    }

    @Override
    public void close() {
        if (!ended) {
            var unused = inbox.submit(new Skip());
        }
    }

    private void endIfRead(FrameParser frames) {
        if (remaining == 0) {
            frames.endFrame();
            end();
        }
    }

    private void end() {
        ended = true;
        atEnd.run();
    }

    private final class NextPiece extends FrameInbox.Reading<@Nullable ByteBuffer> {
        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // steps run one at a time
        protected boolean step(FrameParser frames) throws IOException {
            if (ended) {
                return finish(null);
            }
            ByteBuffer piece = length <= PIECE ? frames.whole() : frames.piece(PIECE);
            if (piece == null) {
                return false;
            }
            long before = remaining;
            remaining = before - piece.remaining();
            if (length <= PIECE) {
                end();
            } else {
                endIfRead(frames);
            }
            return finish(piece);
        }
    }

    private final class Skip extends FrameInbox.Reading<Boolean> {
        @Override
        protected boolean step(FrameParser frames) throws IOException {
            if (!ended) {
                if (!frames.skip()) {
                    return false;
                }
                end();
            }
            return finish(true);
        }
    }
}
