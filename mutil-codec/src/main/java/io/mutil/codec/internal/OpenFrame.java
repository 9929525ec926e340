package io.mutil.codec.internal;

import io.mutil.codec.OutgoingFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;

/** A frame in pieces, on its turn. */
final class OpenFrame implements OutgoingFrame {
    private static final int PIECE = 128 << 10;
    private static final long QUEUED = 4L * PIECE;

    private final FrameOutbox outbox;
    private final Turn turn;
    private final ByteBufAllocator alloc;
    private final long length;
    private long remaining;
    private boolean open = true;

    OpenFrame(FrameOutbox outbox, Turn turn, ByteBufAllocator alloc, long length) {
        this.outbox = outbox;
        this.turn = turn;
        this.alloc = alloc;
        this.length = length;
        this.remaining = length;
    }

    @Override
    public long remaining() {
        return remaining;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        outbox.refuseOwnThread("write", "writeAsync of the stream");
        int count = bytes.remaining();
        if (count > remaining) {
            throw new IllegalArgumentException("frame lacks " + remaining + " bytes, not " + count
                    + "; give the length of the whole frame to open");
        }
        while (bytes.hasRemaining()) {
            awaitRoom();
            int next = Math.min(PIECE, bytes.remaining());
            ByteBuf piece = alloc.directBuffer(next);
            piece.writeBytes(bytes.slice(bytes.position(), next));
            bytes.position(bytes.position() + next);
            remaining -= next;
            turn.add(piece, next, 0, null);
        }
        return count;
    }

    private void awaitRoom() throws IOException {
        try {
            turn.awaitAtMost(QUEUED - PIECE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interrupted = new ClosedByInterruptException();
            open = false;
            turn.abort(interrupted);
            throw interrupted;
        } catch (IOException e) {
            // said here, so not again by the close
            open = false;
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (!open) {
            return;
        }
        open = false;
        if (remaining == 0) {
            turn.close();
            turn.requireIntact();
            return;
        }
        turn.requireOpen();
        var early = new IOException("frame of " + length + " bytes was closed while it lacked " + remaining
                + "; the stream is closed, write as many bytes as were given to open");
        turn.abort(early);
        throw early;
    }
}
