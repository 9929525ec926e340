package io.mutil.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The client's side of the opening handshake, with a deadline. */
final class ClientUpgrade extends ChannelInboundHandlerAdapter {
    /** What becomes of the upgrade. */
    interface Outcome extends Upgrade.Next {
        /** Whether it does not matter any more. */
        boolean isDone();

        /**
         * May be called after the other methods, and then means nothing.
         *
         * @param cause does not say what could not be connected to
         */
        void failed(IOException cause);
    }

    private final Duration timeout;
    private final boolean extensions;
    private final Outcome outcome;
    private final WebSocketClientHandshaker13 handshaker;
    private @Nullable Future<?> deadline;

    /**
     * @param extensions whether some were asked for
     * @param decoder of what comes after the upgrade
     */
    ClientUpgrade(
            Duration timeout,
            URI uri,
            HttpHeaders headers,
            boolean extensions,
            Supplier<? extends WebSocketFrameDecoder> decoder,
            Outcome outcome) {
        this.timeout = timeout;
        this.extensions = extensions;
        this.outcome = outcome;
        this.handshaker = new Handshaker(uri, headers, extensions, decoder);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(
                        () -> fail(ctx, "no answer to the handshake within " + timeout, null),
                        timeout.toNanos(),
                        TimeUnit.NANOSECONDS);
        handshaker.handshake(ctx.channel()).addListener(f -> {
            if (!f.isSuccess()) {
                fail(ctx, "the handshake could not be sent", f.cause());
            }
        });
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof FullHttpResponse response && !outcome.isDone()) {
                onResponse(ctx, response);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onResponse(ChannelHandlerContext ctx, FullHttpResponse response) {
        if (!response.decoderResult().isSuccess()) {
            fail(ctx, "the answer is not HTTP; is it a WebSocket server?", null);
        } else if (!HttpResponseStatus.SWITCHING_PROTOCOLS.equals(response.status())) {
            fail(ctx, "the server answered " + response.status() + " to the handshake; check path and origin", null);
        } else if (!extensions && response.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
            fail(ctx, "the server uses an extension that was not asked for", null);
        } else {
            finish(ctx, response);
        }
    }

    private void finish(ChannelHandlerContext ctx, FullHttpResponse response) {
        try {
            handshaker.finishHandshake(ctx.channel(), response);
        } catch (WebSocketHandshakeException e) {
            fail(ctx, "the server's handshake is wrong; is it a WebSocket server?", e);
            return;
        }
        outcome.upgraded(ctx.pipeline(), this);
    }

    private void fail(ChannelHandlerContext ctx, String what, @Nullable Throwable cause) {
        outcome.failed(new IOException(what, cause));
        var unused = ctx.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done && !done.isSuccess()) {
            // before the failure of what waits to be sent, which says less
            outcome.failed(Tls.noTls(done.cause()));
            var unused = ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, "the connection ended during the handshake", null);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (Tls.isFailure(cause)) {
            outcome.failed(Tls.noTls(cause));
            var unused = ctx.close();
        } else {
            fail(ctx, "the handshake failed", cause);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** Netty's handshake, with a decoder that leaves the closing handshake to us and no origin unless one was chosen. */
    private static final class Handshaker extends WebSocketClientHandshaker13 {
        private final Supplier<? extends WebSocketFrameDecoder> decoder;
        private final boolean origin;

        Handshaker(
                URI uri, HttpHeaders headers, boolean extensions, Supplier<? extends WebSocketFrameDecoder> decoder) {
            super(uri, WebSocketVersion.V13, null, extensions, headers, 0, true, false, -1);
            this.decoder = decoder;
            this.origin = headers.contains(HttpHeaderNames.ORIGIN);
        }

        @Override
        protected FullHttpRequest newHandshakeRequest() {
            FullHttpRequest request = super.newHandshakeRequest();
            if (!origin) {
                request.headers().remove(HttpHeaderNames.ORIGIN);
            }
            return request;
        }

        @Override
        protected WebSocketFrameDecoder newWebsocketDecoder() {
            return decoder.get();
        }
    }
}
