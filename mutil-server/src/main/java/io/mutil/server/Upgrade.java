package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The server's side of the opening handshake, with a deadline that covers everything until the upgrade is complete. */
final class Upgrade extends ChannelInboundHandlerAdapter {
    private static final Logger LOGGER = System.getLogger(Upgrade.class.getName());

    private static final Refusal FULL =
            new Refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many connections, try again later");

    /** Takes over when the upgrade is complete. */
    @FunctionalInterface
    interface Next {
        /** Replaces the handler of the upgrade, and sees to it that the channel is read from. */
        void upgraded(ChannelPipeline pipeline, ChannelHandler upgrade);
    }

    private final Duration timeout;
    private final UpgradeRules rules;
    private final Inquiry inquiry;
    private final BooleanSupplier place;
    private final Runnable onRefused;
    private final Supplier<? extends WebSocketFrameDecoder> decoder;
    private final Next next;
    private @Nullable HttpRequest request;
    private Resources.@Nullable Resource resource;
    private @Nullable Object attachment;
    private boolean answered;
    private boolean inputEnded;
    private @Nullable Future<?> deadline;
    private Runnable withdrawal = () -> {};

    /**
     * @param inquiry is made about requests that are in order
     * @param place whether there is one for a handshake that nobody refuses
     * @param decoder of what comes after the upgrade
     */
    Upgrade(
            Duration timeout,
            UpgradeRules rules,
            Inquiry inquiry,
            BooleanSupplier place,
            Runnable onRefused,
            Supplier<? extends WebSocketFrameDecoder> decoder,
            Next next) {
        this.timeout = timeout;
        this.rules = rules;
        this.inquiry = inquiry;
        this.place = place;
        this.onRefused = onRefused;
        this.decoder = decoder;
        this.next = next;
    }

    /** What the application has given the connection, if it was asked and gave something. */
    @Nullable
    Object attachment() {
        return attachment;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> expire(ctx), timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void expire(ChannelHandlerContext ctx) {
        giveUp();
        Tls.cutOff(ctx.channel());
    }

    private void giveUp() {
        if (!answered) {
            answered = true;
            onRefused.run();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        withdrawal.run();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!answered && message instanceof HttpRequest head) {
                onHead(ctx, head);
            }
            if (!answered && message instanceof LastHttpContent && request != null) {
                onRequest(ctx, request);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onHead(ChannelHandlerContext ctx, HttpRequest head) {
        Refusal refusal = rules.misdirected(head);
        if (refusal == null) {
            resource = rules.resource(head);
            refusal = resource == null ? rules.refusal(head) : null;
        }
        if (refusal != null) {
            refuse(ctx, refusal);
        } else if (resource != null && !resource.isToBeMade(head.method())) {
            answer(ctx, resource.answer(head.method()));
        } else {
            request = head;
        }
    }

    private void onRequest(ChannelHandlerContext ctx, HttpRequest head) {
        if (resource != null || inquiry.decidesOnHandshakes()) {
            ask(ctx, head);
        } else if (place.getAsBoolean()) {
            upgrade(ctx, head, () -> {});
        } else {
            refuse(ctx, FULL);
        }
    }

    private void ask(ChannelHandlerContext ctx, HttpRequest head) {
        UpgradeRequest asked;
        try {
            asked = UpgradeRequest.of(head, ctx.channel());
        } catch (IllegalArgumentException e) {
            refuse(ctx, new Refusal(HttpResponseStatus.BAD_REQUEST, "the query is not encoded as it should be"));
            return;
        }
        Http.holdRest(ctx.pipeline());
        withdrawal = inquiry.ask(asked, resource, answer -> {
            try {
                ctx.executor().execute(() -> proceed(ctx, head, answer));
            } catch (RejectedExecutionException e) {
                // the loop has ended, and the channel with it
                return;
            }
        });
    }

    private void proceed(ChannelHandlerContext ctx, HttpRequest head, Inquiry.Answer answer) {
        if (answered || ctx.isRemoved() || !ctx.channel().isActive()) {
            // too late: the deadline is over, or the peer has left
            return;
        }
        Http.decodeRest(ctx.pipeline());
        Refusal refusal = answer.refusal();
        if (refusal == null && answer.made() == null && !place.getAsBoolean()) {
            refusal = FULL;
        }
        if (refusal == null && answer.made() == null) {
            attachment = answer.attachment();
            upgrade(ctx, head, () -> Http.passRest(ctx.pipeline()));
            return;
        }
        readOn(ctx);
        if (refusal != null) {
            refuse(ctx, refusal);
        } else {
            answer(ctx, requireNonNull(answer.made()).answer(head.method()));
        }
    }

    /** What follows a request that gets no upgrade is of no interest, but that the peer leaves is. */
    private void readOn(ChannelHandlerContext ctx) {
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        answered = true;
        Http.passRest(ctx.pipeline());
        ctx.channel().config().setAutoRead(true);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        inputEnded |= event instanceof ChannelInputShutdownEvent;
        ctx.fireUserEventTriggered(event);
    }

    private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
        onRefused.run();
        LOGGER.log(Level.DEBUG, () -> "refused " + ctx.channel().remoteAddress() + ": " + refusal.status());
        answer(ctx, refusal.response());
    }

    /** Answers and ends our half; the deadline ends the rest if the peer does not. */
    private void answer(ChannelHandlerContext ctx, FullHttpResponse response) {
        answered = true;
        ctx.channel().writeAndFlush(response).addListener(f -> {
            var unused = inputEnded ? ctx.close() : Tls.endOutput(ctx.channel());
        });
    }

    /** @param decodable runs when what follows the request is decoded as frames */
    private void upgrade(ChannelHandlerContext ctx, HttpRequest head, Runnable decodable) {
        answered = true;
        var whole = new DefaultFullHttpRequest(
                head.protocolVersion(),
                head.method(),
                head.uri(),
                Unpooled.EMPTY_BUFFER,
                head.headers(),
                EmptyHttpHeaders.INSTANCE);
        // a frame that comes along with the request waits until there is a listener for it
        ctx.channel().config().setAutoRead(false);
        var handshaker =
                new WebSocketServerHandshaker13(
                        head.uri(), null, WebSocketDecoderConfig.newBuilder().build()) {
                    @Override
                    protected WebSocketFrameDecoder newWebsocketDecoder() {
                        return decoder.get();
                    }
                };
        ChannelFuture done = handshaker.handshake(ctx.channel(), whole);
        decodable.run();
        done.addListener(f -> {
            if (f.isSuccess() && ctx.channel().isActive()) {
                next.upgraded(ctx.pipeline(), this);
            } else {
                var unused = ctx.close();
            }
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (Tls.isFailure(cause)) {
            LOGGER.log(Level.DEBUG, () -> "no TLS with " + ctx.channel().remoteAddress() + ": " + Tls.reason(cause));
            giveUp();
        }
        var unused = ctx.close();
    }
}
