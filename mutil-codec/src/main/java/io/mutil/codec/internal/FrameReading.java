package io.mutil.codec.internal;

import io.mutil.codec.IncomingFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the next frame of a stream without kinds. */
public final class FrameReading {
    private FrameReading() {}

    /** As one buffer; null at the end of the stream. */
    public static FrameInbox.Reading<@Nullable ByteBuffer> whole() {
        return new Whole();
    }

    /** Piece by piece; null at the end of the stream. */
    public static FrameInbox.Reading<@Nullable IncomingFrame> inPieces(FrameInbox inbox) {
        return new InPieces(inbox);
    }

    /** Why the frame that is next cannot be read as one buffer; null if it can. */
    public static @Nullable Exception refusal(FrameParser frames) {
        if (frames.claimedBy() != null) {
            return claimed();
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
        @Override
        protected boolean step(FrameParser frames) throws IOException {
            if (!frames.header()) {
                return frames.atEnd() && finish(null);
            }
            Exception refusal = refusal(frames);
            if (refusal != null) {
                return fail(refusal);
            }
            if (frames.isCopiedLater()) {
                Supplier<@Nullable ByteBuffer> later = frames.wholeLater();
                return later != null && finishLater(later);
            }
            ByteBuffer payload = frames.whole();
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
