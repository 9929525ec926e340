package io.mutil.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Performs the handshake on a channel: reads and writes plain {@link ByteBuf}s, and removes itself when the peer is who it
 * should be. It holds back one field of the handshake at most, 256 bytes.
 */
final class Authenticator extends ChannelInboundHandlerAdapter {
    private static final Logger LOGGER = System.getLogger(Authenticator.class.getName());

    /** What becomes of the channel. Exactly one of the first and the last is called, once, on the event loop. */
    interface Outcome {
        /**
         * The peer has the key. Adds what follows behind {@code ctx}; the authenticator then removes itself and passes
         * on the bytes that came behind the handshake.
         */
        void authenticated(ChannelHandlerContext ctx, Agreement agreement);

        /** Whether there is room for the peer, which has the key, and is then told so. Asked before that. */
        default boolean admits() {
            return true;
        }

        /**
         * It has not, or went away, or took too long; the channel is being closed.
         *
         * @param cause an {@link AuthenticationException} if the peer said something wrong or refused us
         */
        void failed(IOException cause);
    }

    /** What only an accepting end does: refuse whoever tried too often, and report whom it refused. */
    private record Door(AttemptLimiter attempts, RefusalLog log) {}

    private final BiFunction<byte[], Line, Exchange> side;
    private final Supplier<byte[]> binding;
    private final Duration deadline;
    private final @Nullable Door door;
    private final Outcome outcome;
    private final byte[] first = new byte[Stray.MAX_BYTES];
    private int seen;
    private @Nullable Exchange exchange;
    private @Nullable Future<?> timer;
    private boolean over;

    private Authenticator(
            BiFunction<byte[], Line, Exchange> side,
            Supplier<byte[]> binding,
            Duration deadline,
            @Nullable Door door,
            Outcome outcome) {
        this.side = side;
        this.binding = binding;
        this.deadline = deadline;
        this.door = door;
        this.outcome = outcome;
    }

    /**
     * For accepted connections.
     *
     * @param binding asked for when the handshake begins, that is when the handler is added to an active channel or the
     *     channel becomes active: add it behind TLS and the WebSocket upgrade when these are complete
     * @param deadline for the whole handshake, from when the handler is added
     * @param attempts counts the peer's failures, and is asked again before each of its messages is looked at
     * @param log the server's
     */
    static Authenticator server(
            Authentication authentication,
            Supplier<byte[]> binding,
            Duration deadline,
            AttemptLimiter attempts,
            RefusalLog log,
            Outcome outcome) {
        return new Authenticator(authentication::asServer, binding, deadline, new Door(attempts, log), outcome);
    }

    /** For connections that we have made; the parameters are as for a server. */
    static Authenticator client(
            Authentication authentication, Supplier<byte[]> binding, Duration deadline, Outcome outcome) {
        return new Authenticator(authentication::asClient, binding, deadline, null, outcome);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timer = ctx.executor().schedule(() -> expire(ctx), deadline.toNanos(), TimeUnit.NANOSECONDS);
        if (ctx.channel().isActive()) {
            begin(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx);
        ctx.fireChannelActive();
    }

    private void begin(ChannelHandlerContext ctx) {
        if (over || exchange != null) {
            return;
        }
        if (!admitted(ctx)) {
            turnAway(ctx);
            return;
        }
        try {
            exchange = side.apply(binding.get(), Line.of(ctx.channel()));
            exchange.begin();
            flush(ctx, exchange);
        } catch (IOException e) {
            fail(ctx, e);
        } catch (RuntimeException e) {
            fail(ctx, new IOException(e.getMessage(), e));
        }
    }

    private boolean admitted(ChannelHandlerContext ctx) {
        return door == null || door.attempts().admits(ctx.channel().remoteAddress());
    }

    private void turnAway(ChannelHandlerContext ctx) {
        fail(ctx, new IOException("refused after too many failed handshakes from this address in the last minute"));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (over || exchange == null || !(message instanceof ByteBuf in)) {
            ReferenceCountUtil.release(message);
            return;
        }
        Agreement agreement = null;
        try {
            if (admitted(ctx)) {
                agreement = advance(ctx, exchange, in);
            } else {
                turnAway(ctx);
            }
        } finally {
            if (agreement == null) {
                in.release();
            }
        }
        if (agreement != null) {
            succeed(ctx, agreement, in);
        }
    }

    private @Nullable Agreement advance(ChannelHandlerContext ctx, Exchange exchange, ByteBuf in) {
        try {
            recognize(exchange, in);
            ByteBuffer view = in.nioBuffer();
            Agreement agreement = exchange.receive(view);
            in.skipBytes(view.position());
            if (agreement != null && !outcome.admits()) {
                fail(ctx, new IOException("there is no place for another connection"));
                return null;
            }
            flush(ctx, exchange);
            return agreement;
        } catch (AuthenticationException e) {
            flush(ctx, exchange);
            refuse(ctx, exchange.hearsRandomFirst() ? new AuthenticationException(e.getMessage() + suspicion()) : e);
            return null;
        }
    }

    /** Closes at once on peers that will never begin a handshake, instead of waiting for more from them. */
    private void recognize(Exchange exchange, ByteBuf in) throws AuthenticationException {
        if (seen < first.length) {
            int count = Math.min(first.length - seen, in.readableBytes());
            in.getBytes(in.readerIndex(), first, seen, count);
            seen += count;
            String name = Stray.recognize(first, seen);
            if (name != null && !exchange.hearsRandomFirst()) {
                throw new AuthenticationException(
                        "the peer looks like " + name + " and speaks no handshake of this library; check the port");
            }
        }
    }

    /** What is added to the message of a failure that has another cause. */
    private String suspicion() {
        String name = Stray.recognize(first, seen);
        return name == null ? "" : "; the peer looks like " + name;
    }

    private static void flush(ChannelHandlerContext ctx, Exchange exchange) {
        byte[] output = exchange.output();
        if (output.length > 0) {
            var unused = ctx.writeAndFlush(Unpooled.wrappedBuffer(output));
        }
    }

    private void succeed(ChannelHandlerContext ctx, Agreement agreement, ByteBuf rest) {
        end();
        try {
            outcome.authenticated(ctx, agreement);
            ctx.pipeline().remove(this);
        } catch (RuntimeException e) {
            rest.release();
            var unused = ctx.close();
            ctx.fireExceptionCaught(e);
            return;
        }
        if (rest.isReadable()) {
            ctx.fireChannelRead(rest);
        } else {
            rest.release();
        }
    }

    private void refuse(ChannelHandlerContext ctx, AuthenticationException cause) {
        if (door != null) {
            door.attempts().failed(ctx.channel().remoteAddress());
            door.log().refused(String.valueOf(ctx.channel().remoteAddress()), String.valueOf(cause.getMessage()));
        }
        fail(ctx, cause);
    }

    /** The deadline has passed. On the event loop. */
    void expire(ChannelHandlerContext ctx) {
        fail(ctx, new SocketTimeoutException("no handshake within " + deadline + waited()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, new IOException("the peer closed the connection during the handshake" + waited()));
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            fail(ctx, new IOException("the peer ended its half of the connection during the handshake" + waited()));
        }
        ctx.fireUserEventTriggered(event);
    }

    private String waited() {
        return (exchange == null ? "" : ", while this end waited for " + exchange.awaited())
                + "; check that the port is right, and that both ends use the same handshake and the same key"
                + suspicion();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, cause instanceof IOException e ? e : new IOException("the handshake broke off", cause));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        fail(ctx, new IOException("the handshake was given up" + waited()));
    }

    private void fail(ChannelHandlerContext ctx, IOException cause) {
        if (over) {
            return;
        }
        end();
        LOGGER.log(Level.DEBUG, () -> "no handshake with " + ctx.channel() + ": " + cause.getMessage());
        var unused = ctx.close();
        outcome.failed(cause);
    }

    private void end() {
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
        if (exchange != null) {
            exchange.close();
        }
    }
}
