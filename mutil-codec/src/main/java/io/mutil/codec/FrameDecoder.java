package io.mutil.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to frames; {@link FrameFormat#newDecoder()} has the contract.
 *
 * <p>Whoever receives a frame may call back into this handler: read more, close, remove it. Therefore state is settled
 * before anything is passed on, and what comes in meanwhile waits in {@link #later} for its turn.
 */
final class FrameDecoder extends ChannelInboundHandlerAdapter {
    private enum Mode {
        HEADER,
        GATHERING,
        STREAMING,
        /** After an error or the end of the stream: nothing is decoded any more. */
        ENDED,
        REMOVED
    }

    private enum Signal {
        READ_COMPLETE,
        INACTIVE
    }

    private record UserEvent(Object event) {}

    private static final int FIRST_CAPACITY = 256;

    private final FrameFormat format;
    private final long wholeUpTo;
    private final ByteBuf header;
    private final ArrayDeque<Object> later = new ArrayDeque<>(0);

    private Mode mode = Mode.HEADER;
    private long length;
    private long remaining;
    private @Nullable ByteBuf gathered;
    private boolean busy;
    private boolean sawBytes;
    private boolean delivered;

    /** @param wholeUpTo longer frames are streamed; {@link Long#MAX_VALUE} for none */
    FrameDecoder(FrameFormat format, long wholeUpTo) {
        this.format = format;
        this.wholeUpTo = wholeUpTo;
        this.header = Unpooled.wrappedBuffer(new byte[format.headerBytes()]).clear();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        inOrder(ctx, msg);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        inOrder(ctx, Signal.READ_COMPLETE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        inOrder(ctx, Signal.INACTIVE);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        inOrder(ctx, new UserEvent(event));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (mode != Mode.ENDED) {
            mode = Mode.REMOVED;
        }
        dropGathered();
        // Bytes of a started header may as well belong to what the peer speaks from now on.
        if (header.isReadable()) {
            ByteBuf unread = ctx.alloc().buffer(header.readableBytes()).writeBytes(header);
            ctx.fireChannelRead(unread);
            ctx.fireChannelReadComplete();
        }
    }

    private void inOrder(ChannelHandlerContext ctx, Object incoming) {
        if (busy) {
            later.add(incoming);
            return;
        }
        busy = true;
        try {
            for (Object next = incoming; next != null; next = later.poll()) {
                handle(ctx, next);
            }
        } finally {
            busy = false;
        }
    }

    private void handle(ChannelHandlerContext ctx, Object incoming) {
        if (incoming instanceof ByteBuf bytes) {
            decode(ctx, bytes);
        } else if (incoming == Signal.READ_COMPLETE) {
            readComplete(ctx);
        } else if (incoming == Signal.INACTIVE) {
            endOfStream(ctx);
            ctx.fireChannelInactive();
        } else if (incoming instanceof UserEvent user) {
            if (user.event() instanceof ChannelInputShutdownEvent) {
                endOfStream(ctx);
            }
            ctx.fireUserEventTriggered(user.event());
        } else {
            delivered = true;
            ctx.fireChannelRead(incoming);
        }
    }

    private void readComplete(ChannelHandlerContext ctx) {
        // Without autoRead the consumer asks once and waits; bytes that made no message are no answer to it.
        boolean unanswered = sawBytes && !delivered && mode != Mode.ENDED && mode != Mode.REMOVED;
        sawBytes = false;
        delivered = false;
        ctx.fireChannelReadComplete();
        if (unanswered && !ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
    }

    private void endOfStream(ChannelHandlerContext ctx) {
        if (mode == Mode.HEADER && header.isReadable()) {
            fail(ctx, TruncatedFrameException.inHeader(format.headerBytes(), header.readableBytes()));
        } else if (mode == Mode.GATHERING || mode == Mode.STREAMING) {
            fail(ctx, new TruncatedFrameException(length, length - remaining));
        }
    }

    private void decode(ChannelHandlerContext ctx, ByteBuf in) {
        sawBytes = true;
        try {
            while (in.isReadable() && mode != Mode.ENDED && mode != Mode.REMOVED) {
                step(ctx, in);
            }
            if (in.isReadable() && mode == Mode.REMOVED) {
                ctx.fireChannelRead(in.readRetainedSlice(in.readableBytes()));
            }
        } catch (RuntimeException | Error e) {
            // Memory ran out half way through a frame: the position in the stream is lost.
            fail(ctx, e);
        } finally {
            in.release();
        }
    }

    private void step(ChannelHandlerContext ctx, ByteBuf in) {
        switch (mode) {
            case HEADER -> readHeader(ctx, in);
            case GATHERING -> gather(ctx, in);
            case STREAMING -> stream(ctx, in);
            case ENDED, REMOVED -> throw new IllegalStateException("decoding after " + mode);
        }
    }

    private void readHeader(ChannelHandlerContext ctx, ByteBuf in) {
        int width = format.headerBytes();
        if (!header.isReadable() && in.readableBytes() >= width) {
            begin(ctx, in, LengthHeader.read(in, width));
            return;
        }
        header.writeBytes(in, Math.min(header.writableBytes(), in.readableBytes()));
        if (!header.isWritable()) {
            long announced = LengthHeader.read(header, width);
            header.clear();
            begin(ctx, in, announced);
        }
    }

    private void begin(ChannelHandlerContext ctx, ByteBuf in, long announced) {
        if (announced < 0) {
            fail(ctx, FrameTooLargeException.beyondLong(format.maxBytes(), format.headerBytes()));
        } else if (announced > format.maxBytes()) {
            fail(ctx, FrameTooLargeException.received(announced, format.maxBytes(), format.headerBytes()));
        } else if (announced > wholeUpTo) {
            enter(Mode.STREAMING, announced);
            deliver(ctx, new FrameStart(announced));
        } else if (announced > Integer.MAX_VALUE) {
            fail(ctx, FrameTooLargeException.forBuffer(announced));
        } else if (announced <= in.readableBytes()) {
            deliver(ctx, slice(in, (int) announced));
        } else {
            enter(Mode.GATHERING, announced);
        }
    }

    private void enter(Mode mode, long announced) {
        this.mode = mode;
        length = announced;
        remaining = announced;
    }

    private static ByteBuf slice(ByteBuf in, int length) {
        return length == 0 ? Unpooled.EMPTY_BUFFER : in.readRetainedSlice(length);
    }

    private void gather(ChannelHandlerContext ctx, ByteBuf in) {
        int count = (int) Math.min(remaining, in.readableBytes());
        if (count == length) {
            mode = Mode.HEADER;
            deliver(ctx, slice(in, count));
            return;
        }
        ByteBuf body = roomFor(ctx, count);
        body.writeBytes(in, count);
        remaining -= count;
        if (remaining == 0) {
            mode = Mode.HEADER;
            gathered = null;
            deliver(ctx, body);
        }
    }

    /** At most twice what has arrived is allocated, whatever the header announced. */
    private ByteBuf roomFor(ChannelHandlerContext ctx, int count) {
        ByteBuf body = gathered;
        if (body == null) {
            body = ctx.alloc().buffer((int) Math.min(length, Math.max(FIRST_CAPACITY, 2L * count)), (int) length);
            gathered = body;
        } else if (body.writableBytes() < count) {
            body.capacity((int) Math.min(length, 2L * (body.readableBytes() + count)));
        }
        return body;
    }

    private void stream(ChannelHandlerContext ctx, ByteBuf in) {
        int count = (int) Math.min(remaining, in.readableBytes());
        remaining -= count;
        boolean last = remaining == 0;
        if (last) {
            mode = Mode.HEADER;
        }
        deliver(ctx, new FrameChunk(slice(in, count)));
        if (last) {
            deliver(ctx, new FrameEnd());
        }
    }

    private void deliver(ChannelHandlerContext ctx, Object message) {
        delivered = true;
        ctx.fireChannelRead(message);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody is left to hear how the close went
    private void fail(ChannelHandlerContext ctx, Throwable why) {
        mode = Mode.ENDED;
        header.clear();
        dropGathered();
        ctx.fireExceptionCaught(why);
        ctx.close();
    }

    private void dropGathered() {
        ReferenceCountUtil.release(gathered);
        gathered = null;
    }
}
