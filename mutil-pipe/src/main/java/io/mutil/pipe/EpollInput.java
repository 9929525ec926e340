package io.mutil.pipe;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.internal.FrameInbox;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a descriptor when there is something to read: once for each event, unless it is known not to block. */
final class EpollInput extends EpollEnd implements Input {
    /** Edges only, so that a writer that hangs up meanwhile is not told again and again. */
    private static final EpollIoOps PAUSED = EpollIoOps.EPOLLET;

    private final ByteBufAllocator alloc;
    private final ReadSize size = new ReadSize();
    private @Nullable FrameInbox inbox;
    private boolean paused;

    EpollInput(Descriptor descriptor, IoEventLoop loop, ByteBufAllocator alloc) {
        super(descriptor, loop);
        this.alloc = alloc;
    }

    @Override
    public void start(FrameInbox inbox) {
        this.inbox = inbox;
        register();
    }

    @Override
    void begun() {
        interest(EpollIoOps.EPOLLIN);
    }

    /**
     * Whatever the event is, a read that follows it does not block: bytes, the end, or an error. Unless the end blocks, and
     * another process that shares it has read first; nothing but {@code O_NONBLOCK}, which that process would notice, helps
     * against that.
     */
    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        FrameInbox to = requireNonNull(inbox, "inbox");
        try {
            for (int i = descriptor.nonBlocking() ? SPINS : 1; i > 0 && !paused && !isClosed(); i--) {
                if (!read(to)) {
                    return;
                }
            }
        } catch (Throwable e) {
            // an Error too: it would end the loop, and with it the pipes of everybody else
            breakOff(e);
        }
    }

    /** @return whether there may be more */
    private boolean read(FrameInbox to) throws IOException {
        int room = size.next();
        ByteBuf bytes = alloc.directBuffer(room, room);
        int count = 0;
        try {
            ByteBuffer into = bytes.internalNioBuffer(0, room);
            count = fd().read(into, into.position(), into.limit());
        } finally {
            if (count <= 0) {
                bytes.release();
            }
        }
        if (count < 0) {
            to.end();
            closeNow();
        }
        if (count <= 0) {
            return false;
        }
        size.read(count);
        if (!to.add(bytes.writerIndex(count))) {
            paused = true;
            interest(PAUSED);
        }
        return count == room;
    }

    @Override
    public void resume() {
        onLoop(() -> {
            paused = false;
            interest(EpollIoOps.EPOLLIN);
        });
    }

    @Override
    public void broken(Throwable why) {
        var unused = closeAsync();
    }

    @Override
    void failed(Throwable why) {
        requireNonNull(inbox, "inbox").fail(why);
    }

    @Override
    void dropped() {}
}
