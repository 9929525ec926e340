package io.mutil.codec.internal;

import io.mutil.codec.OutgoingFrame;
import io.mutil.codec.QueueFullException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where any number of threads put frames, and one drain takes bytes.
 *
 * <p>Small frames are packed behind each other while the drain is busy with earlier ones, so the faster they come, the
 * more of them leave in one write, and the caller pays for a lock and a copy. Frames are in the order of the calls. What
 * is queued is counted until it has left, and bounded; one frame is admitted whatever its length when nothing is queued.
 * What takes a {@link Turn} is bounded by whoever adds to it.
 */
public final class FrameOutbox {
    /** The other end of the queue. The methods run on the thread of a caller, without a lock, and must not block. */
    public interface Drain {
        /** Something has come after {@link FrameOutbox#take} had found nothing. */
        void wake();

        /** A part of a frame will never come, so nothing after it can be sent. */
        void broken(Throwable why);
    }

    private static final int MIN_PACK = 1 << 10;
    private static final int MAX_PACK = 64 << 10;
    /** Beyond this an asynchronous write does not copy: as long as copying is cheaper than a piece of its own. */
    private static final int COPY_ASYNC = 16 << 10;
    /** Beyond this a blocking write does not copy but waits: there is work for the wait to be worth it. */
    private static final int COPY_BLOCKING = 128 << 10;

    private static final long FOR_EVER = Long.MAX_VALUE;

    private final Framing framing;
    private final ByteBufAllocator alloc;
    private final long capacity;
    private final Drain drain;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Object> entries = new ArrayDeque<>();
    private @Nullable Piece tail;
    private @Nullable ByteBuf tailBytes;
    private int nextPack = MIN_PACK;
    /** What is being written. TLS may tell of what has left in another order, so these are told of in turn. */
    private final ArrayDeque<Piece> taken = new ArrayDeque<>();

    private long queued;
    /** Of these in turns, which have bounds of their own. */
    private long queuedInTurns;

    private int waiting;
    /** Writers that need more room than small frames in front of them would ever leave; others queue behind the first. */
    private final ArrayDeque<Long> starving = new ArrayDeque<>(1);

    private long places;
    private boolean idle = true;
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

    private long frames;
    private long bytes;

    /** @param capacity bound of what is queued, in bytes */
    public FrameOutbox(Framing framing, ByteBufAllocator alloc, long capacity, Drain drain) {
        this.framing = framing;
        this.alloc = alloc;
        this.capacity = capacity;
        this.drain = drain;
    }

    /** Waits for room, and with a long payload until it has left. */
    public void write(int kind, ByteBuffer payload) throws IOException, InterruptedException {
        int length = payload.remaining();
        framing.check(length);
        CompletableFuture<Void> sent = length > COPY_BLOCKING ? new CompletableFuture<>() : null;
        boolean wake;
        lock.lockInterruptibly();
        try {
            awaitRoom((long) framing.maxHeaderBytes() + length, FOR_EVER);
            wake = append(kind, payload, COPY_BLOCKING, sent);
        } finally {
            lock.unlock();
        }
        if (wake) {
            drain.wake();
        }
        if (sent != null) {
            Waiting.get(sent);
        }
    }

    /** Fails with {@link QueueFullException} if there is no room. */
    public CompletableFuture<Void> writeAsync(int kind, ByteBuffer payload) {
        int length = payload.remaining();
        framing.check(length);
        var sent = new CompletableFuture<Void>();
        boolean wake;
        lock.lock();
        try {
            long bytes = (long) framing.maxHeaderBytes() + length;
            if (refusal != null || !fits(bytes)) {
                sent.completeExceptionally(whyRefused(bytes));
                return sent;
            }
            wake = append(kind, payload, COPY_ASYNC, sent);
        } finally {
            lock.unlock();
        }
        if (wake) {
            drain.wake();
        }
        return sent;
    }

    /**
     * Waits for room, but not longer than so many nanoseconds. The payload must not be changed any more.
     *
     * @return completes when the bytes have left
     */
    public CompletableFuture<Void> writeWithin(int kind, ByteBuffer payload, long nanos)
            throws IOException, InterruptedException, TimeoutException {
        int length = payload.remaining();
        framing.check(length);
        var sent = new CompletableFuture<Void>();
        boolean wake;
        lock.lockInterruptibly();
        try {
            long bytes = (long) framing.maxHeaderBytes() + length;
            if (!awaitRoom(bytes, nanos)) {
                throw new TimeoutException("no room for " + bytes + " bytes in the outbound queue");
            }
            wake = append(kind, payload, COPY_ASYNC, sent);
        } finally {
            lock.unlock();
        }
        if (wake) {
            drain.wake();
        }
        return sent;
    }

    /** Writes only if nothing waits. */
    public boolean tryWrite(int kind, ByteBuffer payload) {
        framing.check(payload.remaining());
        boolean wake;
        lock.lock();
        try {
            if (refusal != null || queued > 0 || !entries.isEmpty()) {
                return false;
            }
            wake = append(kind, payload, Integer.MAX_VALUE, null);
        } finally {
            lock.unlock();
        }
        if (wake) {
            drain.wake();
        }
        return true;
    }

    /**
     * Queues a frame whose header is in place, whatever it is, for senders who do not care what becomes of it.
     *
     * @param frame one that many connections share; the caller keeps its reference
     * @return false if there is no room
     */
    public boolean offerEncoded(ByteBuf frame) {
        int length = frame.readableBytes();
        boolean wake;
        lock.lock();
        try {
            if (refusal != null || !fits(length)) {
                return false;
            }
            if (length <= MIN_PACK) {
                into(length).writeBytes(frame, frame.readerIndex(), length);
                wake = count(tailPiece(), length, 1, null);
            } else {
                wake = count(addPiece(frame.retainedDuplicate()), length, 1, null);
            }
        } finally {
            lock.unlock();
        }
        if (wake) {
            drain.wake();
        }
        return true;
    }

    /** Begins a frame that is written in pieces. */
    public OutgoingFrame open(int kind, long length) throws IOException {
        framing.check(length);
        Turn turn = turn();
        ByteBuf header = alloc.directBuffer(framing.maxHeaderBytes());
        framing.writeHeader(header, kind, length);
        turn.add(header, header.readableBytes(), 1, null);
        return new OpenFrame(turn, alloc, length);
    }

    /** Takes the next place in the order, for as many pieces as it needs. */
    public Turn turn() throws IOException {
        lock.lock();
        try {
            requireOpen();
            var turn = new Turn();
            tail = null;
            tailBytes = null;
            entries.add(turn);
            return turn;
        } finally {
            lock.unlock();
        }
    }

    /** Completes when everything queued so far has left; fails if something that was queued before never will. */
    public CompletableFuture<Void> drainAsync() {
        var done = new CompletableFuture<Void>();
        lock.lock();
        try {
            if (lost != null) {
                told = true;
                done.completeExceptionally(lost);
            } else if (!mark(entries.peekLast(), done)) {
                done.complete(null);
            }
        } finally {
            lock.unlock();
        }
        return done;
    }

    /**
     * Refuses new frames from now on; those that are queued leave, and turns that have begun go on.
     *
     * @param why what is refused is told
     * @param last bytes to send behind everything else, whose reference is taken over; null if there are none
     * @return completes when all has left; fails if it never will, or if bytes were lost before and no call has told
     */
    public CompletableFuture<Void> finish(Throwable why, @Nullable ByteBuf last) {
        var left = new CompletableFuture<Void>();
        boolean wake = false;
        lock.lock();
        try {
            if (closed != null) {
                if (last != null) {
                    last.release();
                }
                if (lostSilently && !told) {
                    told = true;
                    left.completeExceptionally(closed);
                } else {
                    left.complete(null);
                }
                return left;
            }
            if (refusal == null) {
                refusal = why;
                room.signalAll();
            }
            if (last != null) {
                wake = count(addPiece(last), last.readableBytes(), 0, left);
            } else if (!mark(entries.peekLast(), left)) {
                left.complete(null);
            }
        } finally {
            lock.unlock();
        }
        if (wake) {
            drain.wake();
        }
        return left;
    }

    /**
     * Has the future told when this entry has left and with it all before it.
     *
     * @param entry null for what has been taken
     * @return false if that has happened
     */
    private boolean mark(@Nullable Object entry, CompletableFuture<Void> done) {
        if (entry instanceof Turn turn && turn.open) {
            turn.marks.add(done);
            return true;
        }
        Piece piece =
                entry == null ? taken.peekLast() : entry instanceof Turn turn ? turn.pieces.peekLast() : (Piece) entry;
        if (piece == null) {
            return false;
        }
        piece.mark(done);
        return true;
    }

    /** Refuses everything from now on, and fails what has not been taken. */
    public void close(Throwable why) {
        var dropped = new ArrayList<Piece>();
        var marks = new ArrayList<CompletableFuture<Void>>();
        var waitingTurns = new ArrayList<CompletableFuture<Void>>();
        lock.lock();
        try {
            if (closed != null) {
                return;
            }
            closed = why;
            if (refusal == null) {
                refusal = why;
            }
            if (queued > 0 || !entries.isEmpty()) {
                lost = why;
                lostBytes = queued;
            }
            for (Object entry : entries) {
                if (entry instanceof Turn turn) {
                    waitingTurns.add(turn.first);
                    dropped.addAll(turn.pieces);
                    turn.pieces.clear();
                    marks.addAll(turn.marks);
                    turn.marks.clear();
                } else {
                    dropped.add((Piece) entry);
                }
            }
            told |= !marks.isEmpty();
            dropped.forEach(this::lose);
            entries.clear();
            tail = null;
            tailBytes = null;
            queued = 0;
            queuedInTurns = 0;
            room.signalAll();
        } finally {
            lock.unlock();
        }
        for (Piece piece : dropped) {
            piece.message().release();
            piece.sent().forEach(sent -> sent.completeExceptionally(why));
        }
        marks.forEach(done -> done.completeExceptionally(why));
        waitingTurns.forEach(first -> first.completeExceptionally(why));
    }

    private void lose(Piece piece) {
        lostSilently |= piece.isSilent();
        told |= piece.isMarked();
    }

    /** The next bytes to write; null if there are none, and then the drain will be woken. One thread at a time. */
    public @Nullable Piece take() {
        Turn first = null;
        lock.lock();
        try {
            while (true) {
                Object head = entries.peek();
                if (head instanceof Turn turn && (turn.open || !turn.pieces.isEmpty())) {
                    Piece piece = turn.pieces.poll();
                    idle = piece == null;
                    if (piece != null) {
                        taken.add(piece);
                    }
                    first = piece == null ? turn : null;
                    if (!turn.open && turn.pieces.isEmpty()) {
                        entries.poll();
                    }
                    return piece;
                }
                entries.poll();
                if (head == null || head instanceof Piece) {
                    idle = head == null;
                    return taken((Piece) head);
                }
            }
        } finally {
            lock.unlock();
            if (first != null) {
                first.first.complete(null);
            }
        }
    }

    private @Nullable Piece taken(@Nullable Piece piece) {
        if (piece != null) {
            taken.add(piece);
        }
        if (piece != null && piece == tail) {
            // taken before it was full: the next ones need not be that large
            nextPack = piece.bytes() < nextPack / 4 ? Math.max(MIN_PACK, nextPack / 2) : nextPack;
            tail = null;
            tailBytes = null;
        }
        return piece;
    }

    /** Bytes that are queued or being written. */
    public long queuedBytes() {
        lock.lock();
        try {
            return queued;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that were queued or being written when this was closed, and have not left. */
    public long lostBytes() {
        lock.lock();
        try {
            return lostBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Frames that have left. */
    public long frames() {
        lock.lock();
        try {
            return frames;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that have left, headers included. */
    public long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() throws IOException {
        if (refusal != null) {
            told |= refusal == closed;
            throw Waiting.failure(refusal);
        }
    }

    private void requireNotClosed() throws IOException {
        if (closed != null) {
            told = true;
            throw Waiting.failure(closed);
        }
    }

    private boolean isEmpty() {
        return entries.isEmpty();
    }

    private boolean fits(long bytes) {
        return bounded() == 0 || bounded() + bytes <= capacity;
    }

    /** What counts against the capacity: a file that takes its turn does not keep others from queueing behind it. */
    private long bounded() {
        return queued - queuedInTurns;
    }

    private Throwable whyRefused(long bytes) {
        if (refusal == null) {
            return new QueueFullException(bytes, bounded(), capacity);
        }
        told |= refusal == closed;
        return refusal;
    }

    /** Whether there is room before so many nanoseconds have passed. */
    private boolean awaitRoom(long bytes, long nanos) throws IOException, InterruptedException {
        requireOpen();
        if (starving.isEmpty() && fits(bytes)) {
            return true;
        }
        Long place = places++;
        boolean large = bytes > capacity / 2;
        if (large) {
            starving.add(place);
        }
        try {
            return awaitPlace(place, bytes, nanos);
        } finally {
            if (large) {
                starving.remove(place);
                room.signalAll();
            }
        }
    }

    private boolean awaitPlace(long place, long bytes, long nanos) throws IOException, InterruptedException {
        for (long left = nanos; left > 0; ) {
            left = awaitProgress(left);
            requireOpen();
            // whoever had to wait comes back to a good deal of room, not for every piece that leaves
            if ((starving.isEmpty() || starving.element() >= place) && roomy(bytes)) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("WaitNotInLoop") // its callers loop
    private long awaitProgress(long nanos) throws InterruptedException {
        long left = nanos;
        waiting++;
        try {
            if (nanos == FOR_EVER) {
                room.await();
            } else {
                left = room.awaitNanos(nanos);
            }
        } finally {
            waiting--;
        }
        return left;
    }

    private boolean roomy(long bytes) {
        return bounded() <= Math.max(0, Math.min(capacity / 2, capacity - bytes));
    }

    private boolean append(int kind, ByteBuffer payload, int copyUpTo, @Nullable CompletableFuture<Void> sent) {
        int length = payload.remaining();
        if (length <= copyUpTo) {
            ByteBuf into = into(Math.addExact(framing.maxHeaderBytes(), length));
            int before = into.writerIndex();
            framing.writeHeader(into, kind, length);
            copy(payload, into);
            return count(tailPiece(), into.writerIndex() - before, 1, sent);
        }
        ByteBuf header = into(framing.maxHeaderBytes());
        int before = header.writerIndex();
        framing.writeHeader(header, kind, length);
        boolean wake = count(tailPiece(), header.writerIndex() - before, 0, null);
        return count(addPiece(Unpooled.wrappedBuffer(payload.slice())), length, 1, sent) || wake;
    }

    /** Leaves the payload as it is: another thread may be writing it to another stream. */
    private static void copy(ByteBuffer payload, ByteBuf into) {
        if (payload.hasArray()) {
            into.writeBytes(payload.array(), payload.arrayOffset() + payload.position(), payload.remaining());
        } else {
            into.writeBytes(payload.duplicate());
        }
    }

    private Piece tailPiece() {
        Piece piece = tail;
        if (piece == null) {
            throw new IllegalStateException("no piece is being packed");
        }
        return piece;
    }

    /** The buffer that is being packed, with room for so many bytes. */
    private ByteBuf into(int bytes) {
        ByteBuf last = tailBytes;
        if (last != null && last.writableBytes() >= bytes) {
            return last;
        }
        if (last != null) {
            nextPack = Math.min(MAX_PACK, nextPack * 4);
        }
        ByteBuf next = alloc.directBuffer(Math.max(nextPack, bytes));
        tail = addPiece(next);
        tailBytes = next;
        return next;
    }

    private Piece addPiece(ByteBuf message) {
        tail = null;
        tailBytes = null;
        var piece = new Piece(this, null, message);
        entries.add(piece);
        return piece;
    }

    /** Whether the drain has to be woken. */
    private boolean count(Piece piece, long bytes, int frames, @Nullable CompletableFuture<Void> sent) {
        piece.add(bytes, frames, sent);
        queued += bytes;
        boolean wake = idle;
        idle = false;
        return wake;
    }

    void left(Piece piece) {
        List<Piece> done;
        lock.lock();
        try {
            piece.gone();
            done = retire();
            frames += piece.frames();
            bytes += piece.bytes();
            queued = Math.max(0, queued - piece.bytes());
            Turn turn = piece.turn();
            if (turn != null) {
                turn.queued -= piece.bytes();
                queuedInTurns = Math.max(0, queuedInTurns - piece.bytes());
            }
            if (waiting > 0 && (turn != null || bounded() <= capacity / 2)) {
                room.signalAll();
            }
        } finally {
            lock.unlock();
        }
        complete(done);
    }

    private List<Piece> retire() {
        var done = new ArrayList<Piece>(1);
        while (!taken.isEmpty() && taken.element().isGone()) {
            done.add(taken.remove());
        }
        return done;
    }

    private static void complete(List<Piece> pieces) {
        pieces.forEach(piece -> piece.sent().forEach(sent -> sent.complete(null)));
    }

    void failed(Piece piece, Throwable why) {
        close(why);
        Throwable first;
        List<Piece> done;
        lock.lock();
        try {
            lose(piece);
            // what fails after the close fails because of that
            first = closed == null ? why : closed;
            taken.remove(piece);
            done = retire();
        } finally {
            lock.unlock();
        }
        piece.sent().forEach(sent -> sent.completeExceptionally(first));
        complete(done);
        drain.broken(why);
    }

    /** A place in the order of writes that stays open for more. For one thread at a time. */
    public final class Turn {
        private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
        private final List<CompletableFuture<Void>> marks = new ArrayList<>(1);
        private boolean open = true;
        /** Bytes that have not left, and never will if the outbox is closed. */
        private long queued;

        private final CompletableFuture<Void> first = new CompletableFuture<>();

        private Turn() {}

        /**
         * When nothing is before this turn any more, so that what is added leaves next.
         *
         * @return completes on the thread of the drain, which what depends on it must not block; fails if the queue is closed
         */
        public CompletableFuture<Void> first() {
            boolean now;
            lock.lock();
            try {
                now = entries.peek() == this;
            } finally {
                lock.unlock();
            }
            if (now) {
                first.complete(null);
            }
            return first;
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
         * As {@link #add(ReferenceCounted, long, int)}, for who has to learn of a failure before anything else follows
         * from it: what depends on the future runs first if it is attached already.
         *
         * @param sent null for who asks {@link #requireIntact}
         */
        public void add(ReferenceCounted message, long bytes, int frames, @Nullable CompletableFuture<Void> sent) {
            boolean wake = false;
            Throwable failure;
            lock.lock();
            try {
                failure = closed;
                queued += bytes;
                if (failure == null) {
                    var piece = new Piece(FrameOutbox.this, this, message);
                    pieces.add(piece);
                    queuedInTurns += bytes;
                    wake = count(piece, bytes, frames, sent);
                }
            } finally {
                lock.unlock();
            }
            if (failure != null) {
                message.release();
                if (sent != null) {
                    sent.completeExceptionally(failure);
                }
            } else if (wake) {
                drain.wake();
            }
        }

        /** Waits until no more than so many bytes of this turn are queued. */
        public void awaitAtMost(long bytes) throws IOException, InterruptedException {
            lock.lockInterruptibly();
            try {
                requireNotClosed();
                while (queued > bytes) {
                    awaitProgress(FOR_EVER);
                    requireNotClosed();
                }
            } finally {
                lock.unlock();
            }
        }

        /** Fails if nothing that is added can leave any more. */
        void requireOpen() throws IOException {
            lock.lock();
            try {
                requireNotClosed();
            } finally {
                lock.unlock();
            }
        }

        /** Fails if something that was added has been lost. */
        void requireIntact() throws IOException {
            lock.lock();
            try {
                if (queued > 0) {
                    requireNotClosed();
                }
            } finally {
                lock.unlock();
            }
        }

        /** Lets what comes after this turn leave. */
        public void close() {
            boolean wake;
            var done = new ArrayList<CompletableFuture<Void>>(0);
            lock.lock();
            try {
                if (!open) {
                    return;
                }
                open = false;
                Object last = pieces.isEmpty() ? before() : this;
                for (CompletableFuture<Void> mark : marks) {
                    if (!mark(last, mark)) {
                        done.add(mark);
                    }
                }
                marks.clear();
                if (pieces.isEmpty()) {
                    entries.remove(this);
                }
                wake = idle && !isEmpty();
                idle &= !wake;
            } finally {
                lock.unlock();
            }
            if (wake) {
                drain.wake();
            }
            done.forEach(future -> future.complete(null));
        }

        private @Nullable Object before() {
            Object before = null;
            for (Object entry : entries) {
                if (entry == this) {
                    break;
                }
                before = entry;
            }
            return before;
        }

        /** Gives up inside a frame: the stream ends here. */
        public void abort(Throwable why) {
            FrameOutbox.this.close(why);
            drain.broken(why);
        }
    }
}
