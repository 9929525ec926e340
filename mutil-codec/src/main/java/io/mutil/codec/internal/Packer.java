package io.mutil.codec.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes pieces of frames: small ones behind each other, as long as the last piece was not taken, long ones on their own.
 * The methods return how many bytes that makes. Used under the lock of its {@link FrameOutbox}.
 */
final class Packer {
    private static final int MIN_PACK = 1 << 10;
    private static final int MAX_PACK = 64 << 10;

    private final Framing framing;
    private final ByteBufAllocator alloc;
    private final Function<ByteBuf, Piece> queue;
    private @Nullable Piece tail;
    private @Nullable ByteBuf tailBytes;
    private int nextPack = MIN_PACK;

    /** @param queue makes a piece of a message and puts it at the end */
    Packer(Framing framing, ByteBufAllocator alloc, Function<ByteBuf, Piece> queue) {
        this.framing = framing;
        this.alloc = alloc;
        this.queue = queue;
    }

    /** @param copyUpTo a longer payload is not copied */
    long add(int kind, ByteBuffer payload, int copyUpTo, @Nullable CompletableFuture<Void> sent) {
        int length = payload.remaining();
        boolean copied = length <= copyUpTo;
        ByteBuf into = into(Math.addExact(framing.maxHeaderBytes(), copied ? length : 0));
        int before = into.writerIndex();
        framing.writeHeader(into, kind, length);
        if (copied) {
            copy(payload, into);
        }
        int packed = into.writerIndex() - before;
        if (copied) {
            tailPiece().add(packed, 1, sent);
            return packed;
        }
        tailPiece().add(packed, 0, null);
        return packed + add(Unpooled.wrappedBuffer(payload.slice()), 1, sent);
    }

    /** @param frame with its header; the caller keeps its reference */
    long addEncoded(ByteBuf frame) {
        int length = frame.readableBytes();
        if (length > MIN_PACK) {
            // no duplicate: TLS puts what comes next behind a buffer that has room, and others share this one
            return add(frame.retainedSlice(), 1, null);
        }
        into(length).writeBytes(frame, frame.readerIndex(), length);
        tailPiece().add(length, 1, null);
        return length;
    }

    /** A piece of its own; takes over the caller's reference. */
    long add(ByteBuf message, int frames, @Nullable CompletableFuture<Void> sent) {
        int length = message.readableBytes();
        seal();
        queue.apply(message).add(length, frames, sent);
        return length;
    }

    /** What follows begins a new piece. */
    void seal() {
        tail = null;
        tailBytes = null;
    }

    /** The drain has this piece now. */
    void taken(Piece piece) {
        if (piece == tail) {
            // taken before it was full: the next ones need not be that large
            nextPack = piece.bytes() < nextPack / 4 ? Math.max(MIN_PACK, nextPack / 2) : nextPack;
            seal();
        }
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
        tail = queue.apply(next);
        tailBytes = next;
        return next;
    }
}
