package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The server's side of the opening handshake, with a deadline that covers everything until the upgrade is complete. */
final class Upgrade extends ChannelInboundHandlerAdapter {
    private static final Logger LOGGER = System.getLogger(Upgrade.class.getName());

    /** Takes over when the upgrade is complete. */
    @FunctionalInterface
    interface Next {
        /** Replaces the handler of the upgrade, and sees to it that the channel is read from. */
        void upgraded(ChannelPipeline pipeline, ChannelHandler upgrade);
    }

    private final Duration timeout;
    private final String path;
    private final OriginPolicy origins;
    private final Resources resources;
    private final BooleanSupplier place;
    private final Runnable onRefused;
    private final Supplier<? extends WebSocketFrameDecoder> decoder;
    private final Next next;
    private @Nullable HttpRequest request;
    private boolean answered;
    private @Nullable Future<?> deadline;

    /** Without resources. */
    Upgrade(
            Duration timeout,
            String path,
            OriginPolicy origins,
            BooleanSupplier place,
            Runnable onRefused,
            Supplier<? extends WebSocketFrameDecoder> decoder,
            Next next) {
        this(timeout, path, origins, Resources.NONE, place, onRefused, decoder, next);
    }

    /**
     * @param resources what is answered from memory, whoever asks
     * @param place whether there is one for a request that is in order; otherwise it is refused
     * @param decoder of what comes after the upgrade
     */
    Upgrade(
            Duration timeout,
            String path,
            OriginPolicy origins,
            Resources resources,
            BooleanSupplier place,
            Runnable onRefused,
            Supplier<? extends WebSocketFrameDecoder> decoder,
            Next next) {
        this.timeout = timeout;
        this.path = path;
        this.origins = origins;
        this.resources = resources;
        this.place = place;
        this.onRefused = onRefused;
        this.decoder = decoder;
        this.next = next;
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
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!answered && message instanceof HttpRequest head) {
                onHead(ctx, head);
            }
            if (!answered && message instanceof LastHttpContent && request != null) {
                upgrade(ctx, request);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onHead(ChannelHandlerContext ctx, HttpRequest head) {
        Refusal refusal = misdirected(head);
        Resources.Resource resource = refusal == null ? resources.get(pathOf(head.uri())) : null;
        if (resource != null) {
            answer(ctx, resource.answer(head.method()));
            return;
        }
        if (refusal == null) {
            refusal = refusal(head);
        }
        if (refusal == null) {
            request = head;
        } else {
            refuse(ctx, refusal);
        }
    }

    private record Refusal(HttpResponseStatus status, String text) {}

    private @Nullable Refusal misdirected(HttpRequest head) {
        if (!head.decoderResult().isSuccess()) {
            return broken(head.decoderResult().cause());
        }
        return resources.admit(head.headers())
                ? null
                : new Refusal(
                        HttpResponseStatus.FORBIDDEN, "ask for localhost or for an address, not for another name");
    }

    private @Nullable Refusal refusal(HttpRequest head) {
        HttpHeaders headers = head.headers();
        if (!path.equals(pathOf(head.uri()))) {
            return new Refusal(HttpResponseStatus.NOT_FOUND, "there is nothing here");
        }
        if (!origins.admits(headers)) {
            return new Refusal(HttpResponseStatus.FORBIDDEN, "pages of this origin may not connect");
        }
        if (!HttpMethod.GET.equals(head.method())
                || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                || !headers.contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                || !"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            return new Refusal(HttpResponseStatus.UPGRADE_REQUIRED, "this is a WebSocket, version 13");
        }
        if (!isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY)) || hasBody(headers)) {
            return new Refusal(HttpResponseStatus.BAD_REQUEST, "not a WebSocket handshake");
        }
        if (!place.getAsBoolean()) {
            return new Refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many connections, try again later");
        }
        return null;
    }

    private static Refusal broken(Throwable cause) {
        boolean tooLong = cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException;
        return tooLong
                ? new Refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the request is too long")
                : new Refusal(HttpResponseStatus.BAD_REQUEST, "not an HTTP request");
    }

    private static String pathOf(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** A key is 16 bytes in Base64. */
    private static boolean isKey(@Nullable String key) {
        return key != null && key.length() == 24 && key.endsWith("==");
    }

    private static boolean hasBody(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || !"0".equals(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0"));
    }

    private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
        onRefused.run();
        LOGGER.log(Level.DEBUG, () -> "refused " + ctx.channel().remoteAddress() + ": " + refusal.status());
        byte[] text = (refusal.text() + "\n").getBytes(UTF_8);
        var response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal.status(), Unpooled.wrappedBuffer(text));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, text.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (refusal.status().equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            response.headers()
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
        }
        answer(ctx, response);
    }

    /** Answers and ends our half; the deadline ends the rest if the peer does not. */
    private void answer(ChannelHandlerContext ctx, FullHttpResponse response) {
        answered = true;
        ctx.channel().writeAndFlush(response).addListener(f -> {
            var unused = Tls.endOutput(ctx.channel());
        });
    }

    private void upgrade(ChannelHandlerContext ctx, HttpRequest head) {
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
        handshaker.handshake(ctx.channel(), whole).addListener(f -> {
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
