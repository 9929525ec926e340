package io.mutil.server;

import io.mutil.codec.IncomingFrame;
import io.mutil.codec.internal.FrameInPieces;
import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.FrameParser;
import io.mutil.codec.internal.FrameReading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a connection: frames for its readers, and on the way to them those that are for the connection
 * itself. Whoever reads deals with what is in front of his frame, so everything happens in the order in which it was sent.
 */
@SuppressWarnings("NullAway") // on JDK 17 it does not see which type arguments of compiled classes may be null
final class Inlet {
    /** Takes the frames of one kind off the readers. */
    interface Taker {
        /**
         * Deals with the frame that is next, to its end. Runs under a lock: it must neither block nor call out.
         *
         * @return false if its bytes are not all there; then it is asked again
         * @throws IOException if the stream makes no sense from here on
         */
        boolean take(FrameParser frames) throws IOException;
    }

    /** What a connection is told. Runs under a lock: it must neither block nor call out. */
    interface Listener {
        /** The peer has closed, and everything before that has been read. */
        void peerClosed(CloseReason reason);

        /** The stream has ended where it may, and has been read. */
        void ended();

        /** Runs this soon, without the lock. */
        void later(Runnable task);
    }

    private static final int MAX_CLOSE_BYTES = 1024;
    private static final int KINDS = 8;

    private final FrameInbox inbox;
    private final boolean typed;
    private final Listener listener;
    private final Tally tally;
    private final AtomicReferenceArray<@Nullable Taker> takers = new AtomicReferenceArray<>(KINDS);
    private final AtomicBoolean settling = new AtomicBoolean();
    private final AtomicBoolean pumping = new AtomicBoolean();
    private volatile boolean served;

    // under the lock of the inbox
    private boolean over;

    /** @param tally counts what readers took */
    Inlet(FrameInbox inbox, boolean typed, Listener listener, Tally tally) {
        this.inbox = inbox;
        this.typed = typed;
        this.listener = listener;
        this.tally = tally;
    }

    /**
     * A reading of the next frame that is for readers.
     *
     * @param <T> what it results in; null at the end of the stream
     */
    abstract class Next<T> extends FrameInbox.Reading<@Nullable T> {
        @Override
        protected final boolean step(FrameParser frames) throws IOException {
            if (!advance(frames)) {
                return false;
            }
            boolean taken = over ? finish(null) : take(frames);
            if (taken) {
                passed();
            }
            return taken;
        }

        /**
         * Reads as far as the bytes allow; the header of a frame is read. Rules as for {@link FrameInbox.Reading#step}.
         */
        abstract boolean take(FrameParser frames) throws IOException;
    }

    /**
     * Goes to the next frame that is for readers, or to the end. Within a step.
     *
     * @return false if the bytes do not go as far
     */
    boolean advance(FrameParser frames) throws IOException {
        while (!over) {
            if (!frames.header()) {
                if (!frames.atEnd()) {
                    return false;
                }
                end();
            } else if (isForReaders(frames.kind())) {
                return true;
            } else if (!pass(frames)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the last {@link #advance} came to the end. Within a step. */
    boolean isOver() {
        return over;
    }

    private void end() throws IOException {
        if (typed) {
            throw new EndWithoutCloseException();
        }
        over = true;
        listener.ended();
    }

    private boolean isForReaders(int kind) throws IOException {
        return switch (kind) {
            case Kinds.DATA, Kinds.FILE_START, Kinds.FILE_DATA, Kinds.FILE_END -> true;
            case Kinds.REQUEST, Kinds.RESPONSE -> takers.get(kind) == null;
            case Kinds.HEARTBEAT, Kinds.CLOSE -> false;
            default ->
                throw new IOException(
                        "frame of unknown kind " + kind + "; the peer speaks a newer protocol, or another one");
        };
    }

    private boolean pass(FrameParser frames) throws IOException {
        Taker taker = takers.get(frames.kind());
        if (taker != null) {
            return taker.take(frames);
        }
        return frames.kind() == Kinds.CLOSE ? passClose(frames) : frames.skip();
    }

    private boolean passClose(FrameParser frames) throws IOException {
        if (frames.length() > MAX_CLOSE_BYTES) {
            throw new IOException("close frame of " + frames.length() + " bytes; at most " + MAX_CLOSE_BYTES + " are");
        }
        ByteBuffer body = frames.whole();
        if (body == null) {
            return false;
        }
        over = true;
        listener.peerClosed(closeReason(body));
        return true;
    }

    private static CloseReason closeReason(ByteBuffer body) {
        if (body.remaining() < Short.BYTES) {
            return new CloseReason(CloseReason.NO_CODE, "");
        }
        int code = body.order(java.nio.ByteOrder.LITTLE_ENDIAN).getShort() & 0xFFFF;
        String reason = StandardCharsets.UTF_8.decode(body).toString();
        return new CloseReason(CloseReason.isSendable(code) ? code : CloseReason.NO_CODE, reason);
    }

    /**
     * Gives requests and answers to these from now on, whether anybody reads or not.
     *
     * @throws IllegalStateException if they are given to others
     */
    void serve(Taker requests, Taker responses) {
        if (!takers.compareAndSet(Kinds.REQUEST, null, requests)) {
            throw new IllegalStateException("requests on this connection are in use already; share one Requests");
        }
        // both before anybody looks: a look that stops at the one would not be repeated for the other
        takers.set(Kinds.RESPONSE, responses);
        served = true;
        pump();
    }

    /** A frame for readers has been read to its end, or nearly. Within a step. */
    void passed() {
        if (served && !pumping.get()) {
            listener.later(this::pump);
        }
    }

    /** Waits for frames that have a taker, as a reader does, until a frame for readers is in front of them. */
    private void pump() {
        if (pumping.compareAndSet(false, true)) {
            var unused = inbox.submit(new Pump());
        }
    }

    private final class Pump extends FrameInbox.Reading<@Nullable Void> {
        @Override
        protected boolean step(FrameParser frames) throws IOException {
            if (!advance(frames)) {
                return false;
            }
            // before whatever is next can be read, so that nobody who then asks for another pump is too early
            pumping.set(over);
            return finish(null);
        }
    }

    /**
     * Deals with frames for the connection itself that have arrived while nobody reads. Does not wait for more.
     *
     * <p>If readers wait, they do the same, and this comes after them.
     */
    void settle() {
        if (settling.compareAndSet(false, true)) {
            var unused = inbox.submit(new Settle()).whenComplete((v, e) -> settling.set(false));
        }
    }

    private final class Settle extends FrameInbox.Reading<@Nullable Boolean> {
        @Override
        protected boolean step(FrameParser frames) throws IOException {
            return finish(advance(frames));
        }
    }

    @Nullable
    ByteBuffer read() throws IOException, InterruptedException {
        return inbox.await(new Whole());
    }

    CompletableFuture<@Nullable ByteBuffer> readAsync() {
        return inbox.submit(new Whole());
    }

    @Nullable
    IncomingFrame next() throws IOException, InterruptedException {
        return inbox.await(new InPieces());
    }

    CompletableFuture<@Nullable IncomingFrame> nextAsync() {
        return inbox.submit(new InPieces());
    }

    private final class Whole extends Next<ByteBuffer> {
        @Override
        boolean take(FrameParser frames) throws IOException {
            Exception refusal = frames.kind() == Kinds.DATA ? FrameReading.refusal(frames) : otherKind(frames.kind());
            if (refusal != null) {
                return fail(refusal);
            }
            ByteBuffer payload = frames.whole();
            if (payload == null) {
                return false;
            }
            tally.frame();
            return finish(payload);
        }
    }

    private final class InPieces extends Next<IncomingFrame> {
        @Override
        boolean take(FrameParser frames) {
            Exception refusal = frames.kind() != Kinds.DATA
                    ? otherKind(frames.kind())
                    : frames.claimedBy() != null ? FrameReading.refusal(frames) : null;
            if (refusal != null) {
                return fail(refusal);
            }
            tally.frame();
            return finish(new FrameInPieces(inbox, frames, Inlet.this::passed));
        }
    }

    /** Why the frame that is next is none for {@code read}. Nothing of it is consumed. */
    static IllegalStateException otherKind(int kind) {
        return new IllegalStateException(
                switch (kind) {
                    case Kinds.FILE_START -> "a file is next; take it with receiveFile";
                    case Kinds.FILE_DATA, Kinds.FILE_END -> "a file is being received; read on when it is complete";
                    default -> "a request is next; answer requests with Requests";
                });
    }

    FrameInbox inbox() {
        return inbox;
    }

    /** Whether frames have kinds. */
    boolean isTyped() {
        return typed;
    }

    /** Whether a reader has ever got a frame. */
    boolean hasRead() {
        return tally.frames() > 0;
    }
}
