package io.mutil.server;

import io.mutil.codec.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the sockets of endpoints. */
final class Sockets {
    private Sockets() {}

    /**
     * Listens.
     *
     * @param children gets each accepted channel
     * @throws BindException if the endpoint cannot be listened on
     * @throws IllegalStateException if the event loops are not of the kind the transport needs
     */
    static Channel listen(Endpoint endpoint, LinkSettings settings, Loops loops, ChannelHandler children)
            throws IOException {
        var bootstrap = new ServerBootstrap().group(loops.group()).childHandler(children);
        settings.applyTo(bootstrap);
        Transport transport = settings.transport();
        if (endpoint instanceof Endpoint.Unix unix) {
            SocketFile.prepare(unix);
            bootstrap.channelFactory(transport.serverDomainChannels());
            ChannelFuture bound = bind(bootstrap, transport.domainAddress(unix.path()));
            if (!bound.isSuccess()) {
                throw SocketErrors.listenFailure(unix, bound.cause());
            }
            return bound.channel();
        }
        InetSocketAddress address = localAddress(endpoint);
        bootstrap.channelFactory(transport.serverSocketChannels()).option(ChannelOption.SO_REUSEADDR, true);
        settings.applyToTcp(bootstrap);
        ChannelFuture bound = bind(bootstrap, address);
        if (!bound.isSuccess()) {
            throw SocketErrors.listenFailure(endpoint, address.getAddress(), bound.cause());
        }
        return bound.channel();
    }

    private static ChannelFuture bind(ServerBootstrap bootstrap, SocketAddress address) {
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (bound.cause() instanceof IllegalStateException e) {
            throw e;
        }
        return bound;
    }

    private static InetSocketAddress localAddress(Endpoint endpoint) throws BindException {
        var address = new InetSocketAddress(host(endpoint), endpoint.port());
        if (address.isUnresolved()) {
            throw SocketErrors.unknownHost(endpoint);
        }
        return address;
    }

    /** The host of an endpoint that has one. */
    static String host(Endpoint endpoint) {
        return endpoint instanceof Endpoint.Web web ? web.host() : ((Endpoint.Tcp) endpoint).host();
    }

    /** Where a client on this machine reaches a listening channel. */
    static Endpoint reachable(Endpoint endpoint, Channel listening) {
        if (!(listening.localAddress() instanceof InetSocketAddress address)) {
            return endpoint;
        }
        String host = address.getAddress().isAnyLocalAddress() ? "localhost" : host(endpoint);
        return endpoint instanceof Endpoint.Web web
                ? Endpoint.webSocket(host, address.getPort(), web.path())
                : Endpoint.tcp(host, address.getPort());
    }

    /**
     * Begins to connect; {@link SocketErrors#connectFailure} explains why it did not work.
     *
     * @param timeout for the look-up of a name and the connection together
     * @param blocking looks names up, because that would hold up an event loop
     */
    static ChannelFuture connect(
            Endpoint endpoint,
            LinkSettings settings,
            Duration timeout,
            Loops loops,
            Executor blocking,
            ChannelHandler handler) {
        var bootstrap = new Bootstrap()
                .group(loops.group())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.max(1, Math.toIntExact(timeout.toMillis())))
                .handler(handler);
        settings.applyTo(bootstrap);
        Transport transport = settings.transport();
        if (endpoint instanceof Endpoint.Unix unix) {
            return bootstrap.channelFactory(transport.domainChannels()).connect(transport.domainAddress(unix.path()));
        }
        bootstrap.channelFactory(transport.socketChannels());
        settings.applyToTcp(bootstrap);
        String host = host(endpoint);
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return bootstrap.connect(new InetSocketAddress(host, endpoint.port()));
        }
        ChannelFuture registered = bootstrap.register();
        if (registered.isDone() && !registered.isSuccess()) {
            return registered;
        }
        var connected = new Named(registered.channel().newPromise(), host, endpoint.port());
        registered.addListener(f -> connected.begin(f.cause(), timeout, blocking));
        return connected.promise();
    }

    /** Closes a channel, of which there may have been no more than a try to make one. */
    static void close(Channel channel, Runnable then) {
        if (channel.isOpen()) {
            channel.close().addListener(f -> then.run());
        } else {
            then.run();
        }
    }

    /** A connection to a host by its name. */
    private record Named(ChannelPromise promise, String host, int port) {
        void begin(@Nullable Throwable failure, Duration timeout, Executor blocking) {
            if (failure != null) {
                promise.tryFailure(failure);
                return;
            }
            Future<?> deadline = loop().schedule(() -> expire(timeout), timeout.toNanos(), TimeUnit.NANOSECONDS);
            promise.addListener(f -> deadline.cancel(false));
            try {
                blocking.execute(this::lookUp);
            } catch (RejectedExecutionException e) {
                promise.tryFailure(new IOException("no thread to look up the name " + host, e));
            }
        }

        private EventLoop loop() {
            return promise.channel().eventLoop();
        }

        private void expire(Duration timeout) {
            promise.tryFailure(new ConnectTimeoutException("no connection within connectTimeout " + timeout));
        }

        private void lookUp() {
            // without an address if there is none
            var address = new InetSocketAddress(host, port);
            try {
                loop().execute(() -> connect(address));
            } catch (RejectedExecutionException e) {
                // the loop has ended, and nobody waits any more
                return;
            }
        }

        private void connect(InetSocketAddress address) {
            if (promise.isDone()) {
                return;
            }
            if (address.isUnresolved()) {
                promise.tryFailure(new UnknownHostException(host));
            } else {
                var unused = promise.channel().connect(address, promise);
            }
        }
    }
}
