package io.mutil.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.RejectedExecutionException;

/** The last handler of an open connection: turns frames into the messages of its {@link WebSocket}. */
final class Frames extends ChannelInboundHandlerAdapter {
    private final WebSocket socket;
    private final int maxMessageBytes;
    private final Assembler fragments;
    private final Pongs pongs = new Pongs();
    private boolean text;

    Frames(WebSocket socket, int maxMessageBytes) {
        this.socket = socket;
        this.maxMessageBytes = maxMessageBytes;
        this.fragments = new Assembler(socket.channel().alloc(), maxMessageBytes);
    }

    WebSocket socket() {
        return socket;
    }

    /** Whether the beginning of a message has arrived and its end has not. */
    private boolean isInsideMessage(ChannelPipeline pipeline) {
        MessageDecoder decoder = pipeline.get(MessageDecoder.class);
        return !fragments.isEmpty() || (decoder != null && decoder.isInsideFrame());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof WebSocketFrame frame && frame.rsv() == 0) {
                onFrame(ctx, frame);
            } else {
                socket.fail(CloseReason.PROTOCOL_ERROR, "bytes that are no frame of this connection");
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onFrame(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            onClose(close);
        } else if (frame instanceof PingWebSocketFrame) {
            pongs.answer(ctx, frame.content().retain());
        } else if (!(frame instanceof PongWebSocketFrame) && socket.isOpen()) {
            onData(frame);
        }
    }

    private void onClose(CloseWebSocketFrame close) {
        int code = close.statusCode();
        socket.peerClosed(
                code < 0 ? new CloseReason(CloseReason.NO_CODE, "") : new CloseReason(code, close.reasonText()));
    }

    private void onData(WebSocketFrame frame) {
        boolean first = !(frame instanceof ContinuationWebSocketFrame);
        if (first) {
            text = frame instanceof TextWebSocketFrame;
        }
        if (first && frame.isFinalFragment()) {
            onMessage(frame.content());
        } else if (!first && fragments.isEmpty()) {
            socket.fail(CloseReason.PROTOCOL_ERROR, "a fragment of no message");
        } else if (!fragments.add(frame.content())) {
            tooBig();
        } else if (frame.isFinalFragment()) {
            onWholeMessage();
        }
    }

    private void onWholeMessage() {
        ByteBuf whole = fragments.take();
        if (whole != null) {
            try {
                onMessage(whole);
            } finally {
                whole.release();
            }
        }
    }

    private void onMessage(ByteBuf payload) {
        if (payload.readableBytes() > maxMessageBytes) {
            tooBig();
        } else if (text && !Utf8.isValid(payload)) {
            socket.fail(CloseReason.BAD_DATA, "text is not UTF-8");
        } else {
            socket.received(text, payload);
        }
    }

    private void tooBig() {
        socket.fail(CloseReason.TOO_BIG, "message exceeds maxMessageBytes " + maxMessageBytes);
    }

    /**
     * The channel is closed. This comes behind the failure of everything that was queued, in TLS too, and also where
     * channelInactive does not, which an inflater with broken data swallows.
     */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        boolean inside = isInsideMessage(ctx.pipeline());
        fragments.drop();
        pongs.drop();
        try {
            ctx.channel().eventLoop().execute(() -> socket.ended(inside));
        } catch (RejectedExecutionException e) {
            socket.ended(inside);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event == SslCloseCompletionEvent.SUCCESS) {
            // behind everything else of the peer
            var unused = ctx.channel().close();
        }
        ctx.fireUserEventTriggered(event);
    }

    /** What comes here is the end of the input: a broken frame, or the connection itself. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupt) {
            socket.failDeaf(
                    corrupt.closeStatus().code(), reason(corrupt.closeStatus().code()));
        } else if (cause instanceof DecompressionException) {
            // the limit has no cause, broken data has the inflater's
            boolean limit = cause.getCause() == null;
            int code = limit ? CloseReason.TOO_BIG : CloseReason.BAD_DATA;
            socket.failDeaf(code, limit ? reason(code) : "compressed data is broken");
        } else if (Tls.isFailure(cause)) {
            socket.drop(new CloseReason(CloseReason.ABNORMAL, "TLS failed: " + Tls.reason(cause)));
        } else if (cause instanceof CodecException) {
            socket.failDeaf(CloseReason.PROTOCOL_ERROR, reason(CloseReason.PROTOCOL_ERROR));
        } else {
            socket.drop(new CloseReason(CloseReason.ABNORMAL, "connection failed: " + cause));
        }
    }

    private String reason(int code) {
        return switch (code) {
            case CloseReason.TOO_BIG -> "message exceeds maxMessageBytes " + maxMessageBytes;
            case CloseReason.BAD_DATA -> "text is not UTF-8";
            default -> "frame breaks the protocol";
        };
    }
}
