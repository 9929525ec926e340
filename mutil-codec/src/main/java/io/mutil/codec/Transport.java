package io.mutil.codec;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How bytes reach the operating system: the event loops, the channels made for them, and the buffer allocator.
 *
 * <p>{@link #nio()} works everywhere. {@link #best()} takes epoll or kqueue where the application has put Netty's
 * native artifact for its platform on the class path, and NIO otherwise.
 *
 * <p>Immutable and safe for many threads.
 *
 * <pre>{@code
 * Transport transport = Transport.best();
 * EventLoopGroup loops = transport.newEventLoopGroup(1, Thread::new);
 * new ServerBootstrap().group(loops).channelFactory(transport.serverSocketChannels());
 * }</pre>
 */
public final class Transport {
    private static final Transport NIO = new Transport(
            "nio",
            NioIoHandler::newFactory,
            new Tcp(NioServerSocketChannel::new, NioSocketChannel::new),
            new Unix(NioServerDomainSocketChannel::new, NioDomainSocketChannel::new, UnixDomainSocketAddress::of),
            ByteBufAllocator.DEFAULT);

    private final String name;
    private final Supplier<IoHandlerFactory> handlers;
    private final Tcp tcp;
    private final Unix unix;
    private final ByteBufAllocator allocator;

    private record Tcp(
            ChannelFactory<? extends ServerSocketChannel> servers, ChannelFactory<? extends SocketChannel> clients) {}

    private record Unix(
            ChannelFactory<? extends ServerChannel> servers,
            ChannelFactory<? extends DuplexChannel> clients,
            Function<Path, SocketAddress> address) {}

    private Transport(
            String name, Supplier<IoHandlerFactory> handlers, Tcp tcp, Unix unix, ByteBufAllocator allocator) {
        this.name = name;
        this.handlers = handlers;
        this.tcp = tcp;
        this.unix = unix;
        this.allocator = allocator;
    }

    /** The JDK's own selectors, with Netty's default allocator. */
    public static Transport nio() {
        return NIO;
    }

    /** The first of {@link #available()}. */
    public static Transport best() {
        return available().get(0);
    }

    /** Every transport that works in this process, the native one first and NIO always last. */
    public static List<Transport> available() {
        return Available.ALL;
    }

    /** This transport with another buffer allocator for its channels. */
    public Transport withAllocator(ByteBufAllocator allocator) {
        return new Transport(name, handlers, tcp, unix, requireNonNull(allocator, "allocator"));
    }

    /** {@code nio}, {@code epoll} or {@code kqueue}. */
    public String name() {
        return name;
    }

    /** The allocator that channels of this transport should be given. */
    public ByteBufAllocator allocator() {
        return allocator;
    }

    /**
     * Makes the event loops that the channels of this transport run on. The caller shuts them down.
     *
     * @param threads how many loops, at least one
     * @throws IllegalArgumentException if {@code threads} is not positive
     */
    public EventLoopGroup newEventLoopGroup(int threads, ThreadFactory threadFactory) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be positive, was " + threads);
        }
        return new MultiThreadIoEventLoopGroup(threads, requireNonNull(threadFactory, "threadFactory"), handlers.get());
    }

    /** Makes listening TCP channels. */
    public ChannelFactory<? extends ServerSocketChannel> serverSocketChannels() {
        return tcp.servers();
    }

    /** Makes connecting TCP channels. */
    public ChannelFactory<? extends SocketChannel> socketChannels() {
        return tcp.clients();
    }

    /** Makes listening Unix socket channels. A channel deletes its socket file when it is closed. */
    public ChannelFactory<? extends ServerChannel> serverDomainChannels() {
        return unix.servers();
    }

    /** Makes connecting Unix socket channels. */
    public ChannelFactory<? extends DuplexChannel> domainChannels() {
        return unix.clients();
    }

    /** The address of a Unix socket in the form that the channels of this transport take. */
    public SocketAddress domainAddress(Path socketFile) {
        return unix.address().apply(socketFile);
    }

    @Override
    public String toString() {
        return "Transport[" + name + "]";
    }

    private static final class Available {
        static final List<Transport> ALL =
                Stream.of(epoll(), kqueue(), List.of(NIO)).flatMap(List::stream).toList();

        private static List<Transport> epoll() {
            return isPresent("io.netty.channel.epoll.Epoll") && Epoll.isAvailable()
                    ? List.of(new Transport(
                            "epoll",
                            EpollIoHandler::newFactory,
                            new Tcp(EpollServerSocketChannel::new, EpollSocketChannel::new),
                            new Unix(
                                    EpollServerDomainSocketChannel::new,
                                    EpollDomainSocketChannel::new,
                                    Native::address),
                            ByteBufAllocator.DEFAULT))
                    : List.of();
        }

        private static List<Transport> kqueue() {
            return isPresent("io.netty.channel.kqueue.KQueue") && KQueue.isAvailable()
                    ? List.of(new Transport(
                            "kqueue",
                            KQueueIoHandler::newFactory,
                            new Tcp(KQueueServerSocketChannel::new, KQueueSocketChannel::new),
                            new Unix(
                                    KQueueServerDomainSocketChannel::new,
                                    KQueueDomainSocketChannel::new,
                                    Native::address),
                            ByteBufAllocator.DEFAULT))
                    : List.of();
        }

        private static boolean isPresent(String className) {
            try {
                Class.forName(className, false, Transport.class.getClassLoader());
                return true;
            } catch (ClassNotFoundException e) {
                return false;
            }
        }
    }

    /** Apart, because its types are there only with a native transport. */
    private static final class Native {
        static SocketAddress address(Path socketFile) {
            return new DomainSocketAddress(socketFile.toString());
        }
    }
}
