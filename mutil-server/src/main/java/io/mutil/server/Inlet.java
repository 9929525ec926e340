package io.mutil.server;

import io.mutil.codec.IncomingFrame;
import io.mutil.codec.internal.FrameInPieces;
import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.FrameParser;
import io.mutil.codec.internal.FrameReading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
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
    private LongConsumer unanswered = id -> {};
    private final AtomicBoolean settling = new AtomicBoolean();
    private final AtomicBoolean pumping = new AtomicBoolean();
    private volatile boolean served;
    private volatile boolean settlesBehindReaders;

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
     * Says to whom the ids of requests go that nobody takes. Before anything is read.
     *
     * @param unanswered runs soon, without the lock
     */
    void whenUnanswered(LongConsumer unanswered) {
        this.unanswered = unanswered;
    }

    /**
     * A reading of the next frame that is for readers.
     *
     * @param <T> what it results in; null at the end of the stream
     */
    abstract class Next<T> extends FrameInbox.Reading<@Nullable T> {
        @Override
        protected final boolean step(FrameParser frames) throws IOException {
            if (!advanceToRead(frames)) {
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
     * Goes to the next frame that is not for the connection itself, or to the end. Within a step.
     *
     * <p>Stops at a request that has no taker: whoever opened the connection may just not have come to his
     * {@link Requests} yet.
     *
     * @return false if the bytes do not go as far
     */
    private boolean advance(FrameParser frames) throws IOException {
        return advance(frames, false);
    }

    /**
     * Goes to the next frame that is for readers, or to the end. Within a step.
     *
     * <p>A request without a taker is refused: it would keep this reader from what he waits for.
     *
     * @return false if the bytes do not go as far
     */
    boolean advanceToRead(FrameParser frames) throws IOException {
        return advance(frames, true);
    }

    private boolean advance(FrameParser frames, boolean refusing) throws IOException {
        while (!over) {
            if (!frames.header()) {
                if (!frames.atEnd()) {
                    return false;
                }
                end();
            } else if (isForReaders(frames.kind())) {
                return true;
            } else {
                Taker taker = taker(frames, refusing);
                if (taker == null) {
                    return true;
                }
                if (!taker.take(frames)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether the last {@link #advanceToRead} came to the end. Within a step. */
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

    private static boolean isForReaders(int kind) throws IOException {
        return switch (kind) {
            case Kinds.DATA, Kinds.FILE_START -> true;
            case Kinds.REQUEST, Kinds.RESPONSE, Kinds.HEARTBEAT, Kinds.CLOSE -> false;
            case Kinds.FILE_DATA, Kinds.FILE_END ->
                throw new IOException(
                        "frame of kind " + kind + " outside of a file; the peer does not speak this protocol");
            default ->
                throw new IOException(
                        "frame of unknown kind " + kind + "; the peer speaks a newer protocol, or another one");
        };
    }

    /** Who deals with a frame that is not for readers; null if that is to be seen. */
    private @Nullable Taker taker(FrameParser frames, boolean refusing) {
        if (frames.claimedBy() instanceof Taker begun) {
            return begun;
        }
        int kind = frames.kind();
        Taker taker = takers.get(kind);
        if (taker != null) {
            return taker;
        }
        return switch (kind) {
            case Kinds.CLOSE -> this::passClose;
            case Kinds.REQUEST -> refusing ? new Refused() : null;
            default -> new Dropped();
        };
    }

    /** A frame that nobody wants. It is claimed, since whoever comes in the middle of it has not seen its beginning. */
    private static final class Dropped implements Taker {
        @Override
        public boolean take(FrameParser frames) throws IOException {
            frames.claim(this);
            return frames.skip();
        }
    }

    /** A request that nobody takes. Of its bytes only the id is kept. */
    private final class Refused implements Taker {
        private final ByteBuffer id = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);

        @Override
        public boolean take(FrameParser frames) throws IOException {
            if (frames.length() < id.capacity()) {
                throw Answers.tooShort(frames);
            }
            frames.claim(this);
            while (id.hasRemaining()) {
                ByteBuffer piece = frames.piece(id.remaining());
                if (piece == null) {
                    return false;
                }
                id.put(piece);
            }
            if (!frames.skip()) {
                return false;
            }
            listener.later(() -> unanswered.accept(id.getLong(0)));
            return true;
        }
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
        int code = body.order(ByteOrder.LITTLE_ENDIAN).getShort() & 0xFFFF;
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
            throw new IllegalStateException(
                    "requests on this connection are in use already; keep what Requests.on gave the first time");
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
        } else if (settlesBehindReaders) {
            listener.later(this::settle);
        }
    }

    /** The peer has ended its half: its close is dealt with as soon as the last frame before it was read. */
    void settleFromNowOn() {
        settlesBehindReaders = true;
        settle();
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
            var unused = inbox.submit(new Settle(false)).whenComplete((v, e) -> settling.set(false));
        }
    }

    /** {@link #settle()}, unless a reader has got a frame, and may be about to answer it, by the time this comes to it. */
    void settleUnlessRead() {
        var unused = inbox.submit(new Settle(true));
    }

    private final class Settle extends FrameInbox.Reading<@Nullable Boolean> {
        private final boolean unlessRead;

        Settle(boolean unlessRead) {
            this.unlessRead = unlessRead;
        }

        @Override
        protected boolean step(FrameParser frames) throws IOException {
            return finish((unlessRead && tally.frames() > 0) || advance(frames));
        }
    }

    @Nullable
    ByteBuffer read() throws IOException, InterruptedException {
        return inbox.await(new Whole(null));
    }

    /** How many bytes of payload were put into the target; -1 at the end of the stream. */
    int read(ByteBuffer target) throws IOException, InterruptedException {
        return FrameReading.await(inbox, new Whole(target), target);
    }

    CompletableFuture<@Nullable ByteBuffer> readAsync() {
        return inbox.submit(new Whole(null));
    }

    @Nullable
    IncomingFrame next() throws IOException, InterruptedException {
        return inbox.await(new InPieces());
    }

    CompletableFuture<@Nullable IncomingFrame> nextAsync() {
        return inbox.submit(new InPieces());
    }

    private final class Whole extends Next<ByteBuffer> {
        private final @Nullable ByteBuffer target;

        Whole(@Nullable ByteBuffer target) {
            this.target = target;
        }

        @Override
        boolean take(FrameParser frames) throws IOException {
            Exception refusal = frames.kind() == Kinds.DATA ? FrameReading.refusal(frames, target) : fileIsNext();
            if (refusal != null) {
                return fail(refusal);
            }
            if (frames.isCopiedLater()) {
                Supplier<@Nullable ByteBuffer> later = frames.wholeLater(target);
                return later != null && counted(finishLater(later));
            }
            ByteBuffer payload = frames.whole(target);
            return payload != null && counted(finish(payload));
        }

        private boolean counted(boolean finished) {
            tally.frame();
            return finished;
        }
    }

    private final class InPieces extends Next<IncomingFrame> {
        @Override
        boolean take(FrameParser frames) {
            Exception refusal = frames.kind() != Kinds.DATA
                    ? fileIsNext()
                    : frames.claimedBy() != null ? FrameReading.refusal(frames, null) : null;
            if (refusal != null) {
                return fail(refusal);
            }
            tally.frame();
            return finish(new FrameInPieces(inbox, frames, Inlet.this::passed));
        }
    }

    /** Why the file that is next is nothing for {@code read}: its sender decides when it comes. Nothing is consumed. */
    private static IOException fileIsNext() {
        return new IOException("a file is next, which read and next do not take; take it with receiveFile");
    }

    FrameInbox inbox() {
        return inbox;
    }

    /** Whether frames have kinds. */
    boolean isTyped() {
        return typed;
    }
}
