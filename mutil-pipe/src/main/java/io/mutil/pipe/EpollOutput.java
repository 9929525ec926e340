package io.mutil.pipe;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.internal.FrameOutbox;
import io.mutil.codec.internal.Piece;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoOps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a descriptor when it takes something. A reader that goes away is noticed at once.
 *
 * <p>If a write could block, it is of no more bytes than a writable pipe is sure to take, and follows an event each time.
 */
final class EpollOutput extends EpollEnd implements Output {
    /** What a pipe takes without blocking when it is writable: a page, on Linux. */
    private static final int PIPE_BUF = 4096;

    /** Edges only, as a socket whose reader has gone is told again and again. */
    private static final EpollIoOps IDLE = EpollIoOps.EPOLLERR.with(EpollIoOps.EPOLLET);

    /** What comes unasked and has no name in Netty: both directions of a socket have ended. */
    private static final EpollIoOps EPOLLHUP = EpollIoOps.valueOf(0x10);

    private final ByteBufAllocator alloc;
    private @Nullable FrameOutbox outbox;
    private @Nullable Piece inHand;
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    EpollOutput(Descriptor descriptor, IoEventLoop loop, ByteBufAllocator alloc) {
        super(descriptor, loop);
        this.alloc = alloc;
    }

    @Override
    public void start(FrameOutbox outbox) {
        this.outbox = outbox;
        register();
    }

    @Override
    void begun() {
        flush();
    }

    @Override
    public void wake() {
        onLoop(this::flush);
    }

    private void flush() {
        proceed(descriptor.nonBlocking());
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        if (ops.contains(EpollIoOps.EPOLLERR) || ops.contains(EPOLLHUP)) {
            breakOff(Failures.readerGone(descriptor.toString(), null));
        } else {
            proceed(true);
        }
    }

    /** @param writable whether a write does not block */
    private void proceed(boolean writable) {
        try {
            if (writable) {
                write();
            } else if (hasBytes()) {
                interest(EpollIoOps.EPOLLOUT);
            }
        } catch (IOException e) {
            breakOff(Failures.ofWrite(e, descriptor.toString()));
        } catch (Throwable e) {
            // an Error too: it would end the loop, or leave a piece in hand that nothing ever comes back to
            breakOff(e);
        }
    }

    private void write() throws IOException {
        int spins = descriptor.nonBlocking() ? SPINS : 1;
        while (hasBytes()) {
            if (spins-- == 0 || !writeOnce()) {
                interest(EpollIoOps.EPOLLOUT);
                return;
            }
        }
        interest(IDLE);
    }

    private boolean hasBytes() {
        if (inHand == null && !isClosed()) {
            Piece next = requireNonNull(outbox, "outbox").take();
            inHand = next;
            bytes = next == null ? Unpooled.EMPTY_BUFFER : direct((ByteBuf) next.message());
        }
        return inHand != null;
    }

    private ByteBuf direct(ByteBuf message) {
        if (message.isDirect()) {
            return message;
        }
        try {
            return alloc.directBuffer(message.readableBytes()).writeBytes(message);
        } finally {
            message.release();
        }
    }

    /** @return false if the descriptor takes no more */
    private boolean writeOnce() throws IOException {
        int length = bytes.readableBytes();
        int most = descriptor.nonBlocking() ? length : Math.min(length, PIPE_BUF);
        ByteBuffer from = bytes.internalNioBuffer(bytes.readerIndex(), most);
        int count = fd().write(from, from.position(), from.limit());
        bytes.skipBytes(count);
        Piece piece = inHand;
        if (!bytes.isReadable() && piece != null) {
            release();
            piece.left();
        }
        return count == most;
    }

    private void release() {
        inHand = null;
        bytes.release();
        bytes = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void broken(Throwable why) {
        var unused = closeAsync();
    }

    @Override
    void failed(Throwable why) {
        Piece piece = inHand;
        if (piece != null) {
            release();
            piece.failed(why);
        }
        requireNonNull(outbox, "outbox").close(why);
    }

    @Override
    void dropped() {
        Piece piece = inHand;
        if (piece != null) {
            release();
            piece.failed(new AsynchronousCloseException());
        }
    }
}
