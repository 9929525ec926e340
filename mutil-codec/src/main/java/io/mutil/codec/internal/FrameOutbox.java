package io.mutil.codec.internal;

import io.mutil.codec.OutgoingFrame;
import io.mutil.codec.QueueFullException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
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

        /** Whether the calling thread is one that takes the bytes, and so must not wait for room. */
        boolean isOwnThread();

        /** A part of a frame will never come, so nothing after it can be sent. */
        void broken(Throwable why);
    }

    /** Beyond this an asynchronous write does not copy: as long as copying is cheaper than a piece of its own. */
    private static final int COPY_ASYNC = 16 << 10;
    /** Beyond this a blocking write does not copy but waits: there is work for the wait to be worth it. */
    private static final int COPY_BLOCKING = 128 << 10;

    private final Framing framing;
    private final ByteBufAllocator alloc;
    private final long capacity;
    private final Drain drain;

    private final ReentrantLock lock = new ReentrantLock();
    private final Ending ending = new Ending();
    private final Room room;
    private final Packer packer;
    private final Departures departures = new Departures();

    private boolean idle = true;
    private long frames;
    private long bytes;

    /** @param capacity bound of what is queued, in bytes */
    public FrameOutbox(Framing framing, ByteBufAllocator alloc, long capacity, Drain drain) {
        this.framing = framing;
        this.alloc = alloc;
        this.capacity = capacity;
        this.drain = drain;
        this.room = new Room(capacity, lock.newCondition(), ending);
        this.packer = new Packer(framing, alloc, this::addPiece);
    }

    private Piece addPiece(ByteBuf message) {
        var piece = new Piece(this, null, message);
        departures.add(piece);
        return piece;
    }

    /** Waits for room, and with a long payload until it has left. */
    public void write(int kind, ByteBuffer payload) throws IOException, InterruptedException {
        CompletableFuture<Void> sent = payload.remaining() > COPY_BLOCKING ? new CompletableFuture<>() : null;
        awaitAndAdd(kind, payload, Room.FOR_EVER, COPY_BLOCKING, sent);
        if (sent != null) {
            Waiting.get(sent);
        }
    }

    /**
     * Waits for room, but not longer than so many nanoseconds. The payload must not be changed any more.
     *
     * @return completes when the bytes have left
     */
    public CompletableFuture<Void> writeWithin(int kind, ByteBuffer payload, long nanos)
            throws IOException, InterruptedException, TimeoutException {
        var sent = new CompletableFuture<Void>();
        if (!awaitAndAdd(kind, payload, nanos, COPY_ASYNC, sent)) {
            throw new TimeoutException("no room for " + onWire(payload) + " bytes in the outbound queue");
        }
        return sent;
    }

    private long onWire(ByteBuffer payload) {
        return (long) framing.maxHeaderBytes() + payload.remaining();
    }

    private boolean awaitAndAdd(
            int kind, ByteBuffer payload, long nanos, int copyUpTo, @Nullable CompletableFuture<Void> sent)
            throws IOException, InterruptedException {
        framing.check(payload.remaining());
        boolean wake;
        lock.lockInterruptibly();
        try {
            if (!room.await(onWire(payload), nanos)) {
                return false;
            }
            wake = added(packer.add(kind, payload, copyUpTo, sent));
        } finally {
            lock.unlock();
        }
        wakeIf(wake);
        return true;
    }

    /** Fails with {@link QueueFullException} if there is no room. */
    public CompletableFuture<Void> writeAsync(int kind, ByteBuffer payload) {
        framing.check(payload.remaining());
        var sent = new CompletableFuture<Void>();
        boolean wake;
        lock.lock();
        try {
            Throwable refusal = ending.tellRefusal();
            long needed = onWire(payload);
            if (refusal == null && !room.fitsAtOnce(needed)) {
                refusal = new QueueFullException(needed, room.bounded(), capacity);
            }
            if (refusal != null) {
                sent.completeExceptionally(refusal);
                return sent;
            }
            wake = added(packer.add(kind, payload, COPY_ASYNC, sent));
        } finally {
            lock.unlock();
        }
        wakeIf(wake);
        return sent;
    }

    /** Writes only if nothing waits. */
    public boolean tryWrite(int kind, ByteBuffer payload) {
        framing.check(payload.remaining());
        boolean wake;
        lock.lock();
        try {
            if (ending.refuses() || room.queued() > 0 || !departures.isEmpty()) {
                return false;
            }
            wake = added(packer.add(kind, payload, Integer.MAX_VALUE, null));
        } finally {
            lock.unlock();
        }
        wakeIf(wake);
        return true;
    }

    /**
     * Queues a frame whose header is in place, whatever it is, for senders who do not care what becomes of it.
     *
     * @param frame one that many connections share; the caller keeps its reference
     * @return false if there is no room
     */
    public boolean offerEncoded(ByteBuf frame) {
        boolean wake;
        lock.lock();
        try {
            if (ending.refuses() || !room.fitsAtOnce(frame.readableBytes())) {
                return false;
            }
            wake = added(packer.addEncoded(frame));
        } finally {
            lock.unlock();
        }
        wakeIf(wake);
        return true;
    }

    /** Fails on the thread that takes the bytes: the call would wait for room. */
    public void refuseOwnThread(String call, String instead) {
        Waiting.refuse(drain.isOwnThread(), call, instead);
    }

    /** Waits for room and begins a frame that is written in pieces. */
    public OutgoingFrame open(int kind, long length) throws IOException, InterruptedException {
        framing.check(length);
        refuseOwnThread("open", "writeAsync");
        ByteBuf header = alloc.directBuffer(framing.maxHeaderBytes());
        Turn turn;
        try {
            framing.writeHeader(header, kind, length);
            turn = awaitTurn(header.readableBytes());
        } catch (Throwable e) {
            header.release();
            throw e;
        }
        turn.add(header, header.readableBytes(), 1, null);
        return new OpenFrame(this, turn, alloc, length);
    }

    private Turn awaitTurn(int bytes) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            room.await(bytes, Room.FOR_EVER);
            return addTurn(false);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next place in the order, for as many pieces as it needs, without regard to room. For who waits until they
     * have left, and so begins no second one behind them.
     */
    public Turn turn() throws IOException {
        lock.lock();
        try {
            ending.requireOpen();
            return addTurn(true);
        } finally {
            lock.unlock();
        }
    }

    private Turn addTurn(boolean exempt) {
        var turn = new Turn(this, exempt);
        packer.seal();
        departures.add(turn);
        return turn;
    }

    /** Completes when everything queued so far has left; fails if something that was queued before never will. */
    public CompletableFuture<Void> drainAsync() {
        var done = new CompletableFuture<Void>();
        lock.lock();
        try {
            Throwable loss = ending.tellLoss();
            if (loss != null) {
                done.completeExceptionally(loss);
            } else if (!departures.mark(done)) {
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
            if (ending.isClosed()) {
                if (last != null) {
                    last.release();
                }
                Throwable loss = ending.tellUntold();
                return loss == null ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(loss);
            }
            ending.refuse(why);
            room.signal();
            if (last != null) {
                wake = added(packer.add(last, 0, left));
            } else if (!departures.mark(left)) {
                left.complete(null);
            }
        } finally {
            lock.unlock();
        }
        wakeIf(wake);
        return left;
    }

    /** Refuses everything from now on, and fails what has not been taken. */
    public void close(Throwable why) {
        Departures.Dropped dropped;
        lock.lock();
        try {
            if (ending.isClosed()) {
                return;
            }
            ending.close(why);
            if (room.queued() > 0 || !departures.isEmpty()) {
                ending.lose(room.queued());
            }
            dropped = departures.clear();
            if (!dropped.marks().isEmpty()) {
                ending.tell();
            }
            dropped.pieces().forEach(ending::lose);
            packer.seal();
            room.clear();
        } finally {
            lock.unlock();
        }
        for (Piece piece : dropped.pieces()) {
            piece.message().release();
            piece.sent().forEach(sent -> sent.completeExceptionally(why));
        }
        dropped.marks().forEach(done -> done.completeExceptionally(why));
        dropped.turns().forEach(turn -> turn.closed(why));
    }

    /** The next bytes to write; null if there are none, and then the drain will be woken. One thread at a time. */
    public @Nullable Piece take() {
        Turn reached = null;
        lock.lock();
        try {
            Piece piece = departures.take();
            if (piece != null) {
                packer.taken(piece);
            } else {
                reached = departures.firstTurn();
            }
            idle = piece == null;
            return piece;
        } finally {
            lock.unlock();
            if (reached != null) {
                reached.reached();
            }
        }
    }

    /** Bytes that are queued or being written. */
    public long queuedBytes() {
        return read(room::queued);
    }

    /** Bytes that were queued or being written when this was closed, and have not left. */
    public long lostBytes() {
        return read(ending::lostBytes);
    }

    /** Frames that have left. */
    public long frames() {
        return read(() -> frames);
    }

    /** Bytes that have left, headers included. */
    public long bytes() {
        return read(() -> bytes);
    }

    private long read(LongSupplier figure) {
        lock.lock();
        try {
            return figure.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the drain has to be woken, now that there are so many bytes more. */
    private boolean added(long bytes) {
        room.take(bytes, false);
        return notIdle();
    }

    private boolean notIdle() {
        boolean wake = idle;
        idle = false;
        return wake;
    }

    private void wakeIf(boolean needed) {
        if (needed) {
            drain.wake();
        }
    }

    void left(Piece piece) {
        List<Piece> done;
        lock.lock();
        try {
            piece.gone();
            done = departures.retire();
            frames += piece.frames();
            bytes += piece.bytes();
            Turn turn = piece.turn();
            if (turn != null) {
                turn.queued -= piece.bytes();
            }
            room.leave(piece.bytes(), turn != null && turn.isExempt());
        } finally {
            lock.unlock();
        }
        complete(done);
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
            ending.lose(piece);
            // what fails after the close fails because of that
            Throwable cause = ending.closed();
            first = cause == null ? why : cause;
            departures.failed(piece);
            done = departures.retire();
        } finally {
            lock.unlock();
        }
        piece.sent().forEach(sent -> sent.completeExceptionally(first));
        complete(done);
        drain.broken(why);
    }

    boolean isFirst(Turn turn) {
        lock.lock();
        try {
            return departures.isFirst(turn);
        } finally {
            lock.unlock();
        }
    }

    void add(Turn turn, ReferenceCounted message, long length, int frameEnds, @Nullable CompletableFuture<Void> sent) {
        boolean wake = false;
        Throwable failure;
        lock.lock();
        try {
            failure = ending.closed();
            turn.queued += length;
            if (failure == null) {
                var piece = new Piece(this, turn, message);
                piece.add(length, frameEnds, sent);
                turn.pieces.add(piece);
                room.take(length, true);
                wake = notIdle();
            }
        } finally {
            lock.unlock();
        }
        if (failure == null) {
            wakeIf(wake);
            return;
        }
        message.release();
        if (sent != null) {
            sent.completeExceptionally(failure);
        }
    }

    void awaitAtMost(Turn turn, long bytes) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            ending.requireNotClosed();
            while (turn.queued > bytes) {
                var unused = room.awaitProgress(Room.FOR_EVER);
                ending.requireNotClosed();
            }
        } finally {
            lock.unlock();
        }
    }

    void requireNotClosed() throws IOException {
        lock.lock();
        try {
            ending.requireNotClosed();
        } finally {
            lock.unlock();
        }
    }

    void requireIntact(Turn turn) throws IOException {
        lock.lock();
        try {
            if (turn.queued > 0) {
                ending.requireNotClosed();
            }
        } finally {
            lock.unlock();
        }
    }

    void end(Turn turn) {
        boolean wake = false;
        var done = new ArrayList<CompletableFuture<Void>>(0);
        lock.lock();
        try {
            if (!turn.open) {
                return;
            }
            departures.end(turn, done::add);
            if (!turn.isExempt()) {
                room.settle(turn.queued);
            }
            wake = !departures.isEmpty() && notIdle();
        } finally {
            lock.unlock();
        }
        wakeIf(wake);
        done.forEach(future -> future.complete(null));
    }

    void abort(Throwable why) {
        close(why);
        drain.broken(why);
    }
}
