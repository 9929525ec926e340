package io.mutil.codec.internal;

import io.mutil.codec.IncomingFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the next frame of a stream without kinds. */
public final class FrameReading {
    private FrameReading() {}

    /** As one buffer; null at the end of the stream. */
    public static FrameInbox.Reading<@Nullable ByteBuffer> whole() {
        return new Whole(null);
    }

    /** Into a buffer of the reader, which is the result; null at the end of the stream. */
    public static FrameInbox.Reading<@Nullable ByteBuffer> whole(ByteBuffer target) {
        return new Whole(target);
    }

    /**
     * Waits for a reading whose result is a target that it puts a payload into.
     *
     * @return how many bytes that were; -1 at the end of the stream
     */
    public static int await(FrameInbox inbox, FrameInbox.Reading<@Nullable ByteBuffer> reading, ByteBuffer target)
            throws IOException, InterruptedException {
        if (target.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        int before = target.position();
        return inbox.await(reading) == null ? -1 : target.position() - before;
    }

    /** Piece by piece; null at the end of the stream. */
    public static FrameInbox.Reading<@Nullable IncomingFrame> inPieces(FrameInbox inbox) {
        return new InPieces(inbox);
    }

    /** Why the frame that is next cannot be read as one buffer, into a target if there is one; null if it can. */
    public static @Nullable Exception refusal(FrameParser frames, @Nullable ByteBuffer target) {
        if (frames.claimedBy() != null) {
            return claimed();
        }
        if (target != null && frames.length() > target.remaining()) {
            return new IOException("frame of " + frames.length() + " bytes does not fit into the " + target.remaining()
                    + " that the buffer has left; it can still be read, into a larger one or with another method");
        }
        return frames.length() > FrameParser.MAX_WHOLE
                ? new IOException(
                        "frame of " + frames.length() + " bytes does not fit into one buffer; read it with next()")
                : null;
    }

    private static IllegalStateException claimed() {
        return new IllegalStateException(
                "a frame is being read in pieces; read IncomingFrame to its end, or close it, before the next frame");
    }

    private static final class Whole extends FrameInbox.Reading<@Nullable ByteBuffer> {
        private final @Nullable ByteBuffer target;

        Whole(@Nullable ByteBuffer target) {
            this.target = target;
        }

        @Override
        protected boolean step(FrameParser frames) throws IOException {
            if (!frames.header()) {
                return frames.atEnd() && finish(null);
            }
            Exception refusal = refusal(frames, target);
            if (refusal != null) {
                return fail(refusal);
            }
            if (frames.isCopiedLater()) {
                Supplier<@Nullable ByteBuffer> later = frames.wholeLater(target);
                return later != null && finishLater(later);
            }
            ByteBuffer payload = frames.whole(target);
            return payload != null && finish(payload);
        }
    }

    private static final class InPieces extends FrameInbox.Reading<@Nullable IncomingFrame> {
        private final FrameInbox inbox;

        InPieces(FrameInbox inbox) {
            this.inbox = inbox;
        }

        @Override
        protected boolean step(FrameParser frames) throws IOException {
            if (!frames.header()) {
                return frames.atEnd() && finish(null);
            }
            return frames.claimedBy() != null ? fail(claimed()) : finish(new FrameInPieces(inbox, frames));
        }
    }
}
