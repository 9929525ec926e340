package io.mutil.pipe;

import io.mutil.codec.Transport;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What needs Netty's native library, which applications may leave out; of this module only this class names it. */
final class Epoll {
    /** For descriptors; null where the library is not there. */
    static final @Nullable Loops LOOPS = Transport.available().stream()
            .filter(transport -> transport.name().equals("epoll"))
            .map(transport -> new Loops(transport, "mutil-pipe-epoll"))
            .findFirst()
            .orElse(null);

    private Epoll() {}

    static boolean suits(EventLoopGroup group) {
        return group instanceof IoEventLoopGroup loops && loops.isCompatible(EpollIoHandle.class);
    }

    static Input input(Descriptor descriptor, EventLoopGroup group, ByteBufAllocator alloc) {
        return new EpollInput(descriptor, (IoEventLoop) group.next(), alloc);
    }

    static Output output(Descriptor descriptor, EventLoopGroup group, ByteBufAllocator alloc) {
        return new EpollOutput(descriptor, (IoEventLoop) group.next(), alloc);
    }

    /** Closes a number that this process was started with. */
    static void close(int number) throws IOException {
        new FileDescriptor(number).close();
    }
}
