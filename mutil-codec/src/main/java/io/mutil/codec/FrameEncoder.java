package io.mutil.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;

/** Payloads, ready frames and frame events to bytes; {@link FrameFormat#newEncoder()} has the contract. */
@SuppressWarnings("FutureReturnValueIgnored") // outcomes arrive through the promise of each write
final class FrameEncoder extends ChannelOutboundHandlerAdapter {
    private static final long NO_FRAME_OPEN = -1;

    private final FrameFormat format;
    private long remaining = NO_FRAME_OPEN;

    FrameEncoder(FrameFormat format) {
        this.format = format;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof ByteBuf payload) {
            writePayload(ctx, payload, promise);
        } else if (msg instanceof EncodedFrame frame) {
            writeEncoded(ctx, frame, promise);
        } else if (msg instanceof FrameEvent event) {
            writeEvent(ctx, event, promise);
        } else {
            ctx.write(msg, promise);
        }
    }

    private void writePayload(ChannelHandlerContext ctx, ByteBuf payload, ChannelPromise promise) {
        int length = payload.readableBytes();
        if (remaining != NO_FRAME_OPEN) {
            refuse(payload, promise, frameOpen());
        } else if (!format.fits(length)) {
            refuse(payload, promise, format.tooLarge(length));
        } else if (length <= EncodedFrame.COPY_UP_TO) {
            writeJoined(ctx, payload, promise);
        } else {
            writeGathered(ctx, payload, promise);
        }
    }

    private static void refuse(Object msg, ChannelPromise promise, Exception why) {
        ReferenceCountUtil.release(msg);
        promise.tryFailure(why);
    }

    private void writeJoined(ChannelHandlerContext ctx, ByteBuf payload, ChannelPromise promise) {
        ByteBuf frame;
        try {
            frame = EncodedFrame.joined(format, ctx.alloc(), payload);
        } finally {
            payload.release();
        }
        ctx.write(frame, promise);
    }

    private void writeGathered(ChannelHandlerContext ctx, ByteBuf payload, ChannelPromise promise) {
        // A header that left without its payload, or the other way round, would shift every later frame.
        if (!promise.setUncancellable()) {
            payload.release();
            return;
        }
        ByteBuf header;
        try {
            header = EncodedFrame.header(format, ctx.alloc(), payload.readableBytes());
        } catch (Throwable e) {
            payload.release();
            throw e;
        }
        writePart(ctx, header, ctx.newPromise());
        writePart(ctx, payload, promise);
    }

    /** Writes a part of a frame, without which the other parts make no sense to the peer. */
    private static void writePart(ChannelHandlerContext ctx, ByteBuf part, ChannelPromise promise) {
        ctx.write(part, promise.unvoid().addListener(ChannelFutureListener.CLOSE_ON_FAILURE));
    }

    private void writeEncoded(ChannelHandlerContext ctx, EncodedFrame frame, ChannelPromise promise) {
        if (remaining != NO_FRAME_OPEN) {
            refuse(frame, promise, frameOpen());
        } else if (frame.headerBytes() != format.headerBytes()) {
            refuse(frame, promise, otherWidth(frame));
        } else if (!frame.isWhole()) {
            refuse(frame, promise, alreadyRead());
        } else if (!format.fits(frame.payloadBytes())) {
            refuse(frame, promise, format.tooLarge(frame.payloadBytes()));
        } else {
            // no room behind it, where TLS would put what comes next: other connections share that memory
            ctx.write(frame.content().slice(), promise);
        }
    }

    private IllegalArgumentException otherWidth(EncodedFrame frame) {
        return new IllegalArgumentException("frame has a " + frame.headerBytes()
                + "-byte header, this connection uses " + format.headerBytes()
                + "-byte headers; encode it with this connection's format");
    }

    private static IllegalStateException alreadyRead() {
        return new IllegalStateException(
                "frame was read from already; write EncodedFrame.retainedDuplicate() to each connection");
    }

    private void writeEvent(ChannelHandlerContext ctx, FrameEvent event, ChannelPromise promise) {
        if (event instanceof FrameStart start) {
            writeStart(ctx, start, promise);
        } else if (remaining == NO_FRAME_OPEN) {
            refuse(event, promise, noFrameOpen(event));
        } else if (event instanceof FrameChunk chunk) {
            writeChunk(ctx, chunk, promise);
        } else {
            writeEnd(ctx, promise);
        }
    }

    private void writeStart(ChannelHandlerContext ctx, FrameStart start, ChannelPromise promise) {
        if (remaining != NO_FRAME_OPEN) {
            promise.tryFailure(frameOpen());
        } else if (!format.fits(start.length())) {
            promise.tryFailure(format.tooLarge(start.length()));
        } else if (promise.setUncancellable()) {
            ByteBuf header = EncodedFrame.header(format, ctx.alloc(), start.length());
            remaining = start.length();
            writePart(ctx, header, promise);
        }
    }

    private void writeChunk(ChannelHandlerContext ctx, FrameChunk chunk, ChannelPromise promise) {
        int length = chunk.content().readableBytes();
        if (length > remaining) {
            refuse(chunk, promise, tooManyBytes(length));
            ctx.close();
        } else if (promise.setUncancellable()) {
            remaining -= length;
            writePart(ctx, chunk.content(), promise);
        } else {
            chunk.release();
        }
    }

    private void writeEnd(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (remaining > 0) {
            promise.tryFailure(earlyEnd());
            ctx.close();
        } else {
            remaining = NO_FRAME_OPEN;
            // Adds no byte; the queue completes it after all the bytes before it.
            ctx.write(Unpooled.EMPTY_BUFFER, promise);
        }
    }

    private IllegalStateException frameOpen() {
        return new IllegalStateException("a frame that still lacks " + remaining
                + " bytes is being written in pieces; write its FrameEnd before another frame");
    }

    private static IllegalStateException noFrameOpen(FrameEvent event) {
        return new IllegalStateException(
                event.getClass().getSimpleName() + " without an open frame; write a FrameStart before it");
    }

    private IllegalStateException tooManyBytes(int length) {
        return new IllegalStateException("chunk of " + length + " bytes exceeds the " + remaining
                + " that its frame still lacks; announce the whole length in FrameStart");
    }

    private IllegalStateException earlyEnd() {
        return new IllegalStateException(
                "FrameEnd while the frame still lacks " + remaining + " bytes; write as many bytes as FrameStart said");
    }
}
