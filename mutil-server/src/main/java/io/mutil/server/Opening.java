package io.mutil.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A channel on its way to being a connection: TLS, the upgrade of a WebSocket and the handshake, one after the other and
 * all within one deadline.
 */
abstract class Opening extends ChannelInboundHandlerAdapter implements Authenticator.Outcome {
    final Channel channel;
    final ConnectionSettings settings;
    final boolean web;
    private final Wiring wiring;
    private Tail tail;
    private @Nullable Future<?> deadline;
    private boolean over;

    Opening(Channel channel, ConnectionSettings settings, boolean web, Wiring wiring) {
        this.channel = channel;
        this.settings = settings;
        this.web = web;
        this.wiring = wiring;
        this.tail = Tail.ofSocket(channel);
    }

    abstract SslHandler newTls(SslContext context);

    abstract void addUpgrade(ChannelPipeline pipeline);

    abstract Authenticator newAuthenticator(Supplier<byte[]> binding, Duration deadline);

    abstract void opened(Connection connection);

    abstract void refused(IOException why);

    /** Adds what the channel begins with. */
    final void begin() {
        var config = channel.config();
        // the peer may end its half before it has read everything
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (channel instanceof SocketChannel) {
            config.setOption(ChannelOption.SO_KEEPALIVE, true);
        }
        ChannelPipeline pipeline = channel.pipeline();
        EpollEnd.addTo(pipeline, settings.link());
        SslContext context = settings.tls();
        if (context != null) {
            pipeline.addLast(newTls(context));
        }
        if (web) {
            addUpgrade(pipeline);
        }
        pipeline.addLast(this);
    }

    private Duration timeout() {
        return settings.link().handshakeTimeout();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (channel.isActive()) {
            connected();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connected();
        ctx.fireChannelActive();
    }

    private void connected() {
        if (deadline == null) {
            deadline = channel.eventLoop().schedule(this::expire, timeout().toNanos(), TimeUnit.NANOSECONDS);
            if (settings.tls() == null && !web) {
                authenticate();
            }
        }
    }

    private void expire() {
        ChannelHandlerContext proving = channel.pipeline().context(Authenticator.class);
        if (proving == null) {
            failed(new SocketTimeoutException("the connection was not ready within handshakeTimeout " + timeout()));
        } else {
            // which can say what it has waited for
            ((Authenticator) proving.handler()).expire(proving);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (!done.isSuccess()) {
                noTls(done.cause());
            } else if (!web) {
                authenticate();
            }
        }
        if (event instanceof ChannelInputShutdownEvent) {
            failed(new IOException("the peer closed the connection before it was ready"));
            var unused = channel.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    private void noTls(Throwable cause) {
        IOException why = Tls.noTls(cause);
        if (why.getCause() == null && !over) {
            report(why);
        }
        failed(why);
    }

    /** Somebody is at the wrong port, who will not tell anybody. */
    void report(IOException why) {}

    /** The upgrade is complete. */
    final void proceed(ChannelPipeline pipeline, ChannelHandler upgrade) {
        var messages = new BinaryMessages();
        tail = messages;
        pipeline.addBefore(pipeline.context(this).name(), null, messages);
        pipeline.remove(upgrade);
        authenticate();
        channel.config().setAutoRead(true);
        // the connection has an inbox for what comes while it is not read, which knows where the end belongs
        Http.endHoldback(pipeline);
    }

    private void authenticate() {
        channel.pipeline().replace(this, null, newAuthenticator(this::binding, timeout()));
    }

    private byte[] binding() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls == null ? ChannelBinding.none() : binding(tls);
    }

    abstract byte[] binding(SslHandler tls);

    /** Who is at the other end, where that can be known. */
    Optional<PeerCredentials> peer() {
        return PeerCredentials.of(settings.link().transport(), channel);
    }

    @Override
    public final void authenticated(ChannelHandlerContext ctx, Agreement agreement) {
        if (end()) {
            opened(wiring.connect(channel, agreement, tail, peer()));
        }
    }

    @Override
    public final void failed(IOException cause) {
        if (end()) {
            var unused = channel.close();
            refused(cause);
        }
    }

    /** The peer is being told that it may not connect, and the channel closed after that. */
    final void turnedAway() {
        if (end()) {
            refused(new IOException("no upgrade to a WebSocket"));
        }
    }

    private boolean end() {
        boolean first = !over;
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        return first;
    }

    final boolean isOver() {
        return over;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        failed(new IOException("the peer closed the connection before it was ready"));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (Tls.isFailure(cause)) {
            noTls(cause);
        } else {
            failed(new IOException("the connection failed: " + cause, cause));
        }
    }
}
