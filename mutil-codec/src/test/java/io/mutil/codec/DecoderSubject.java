package io.mutil.codec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.FramesByTheBook.End;
import io.mutil.codec.FramesByTheBook.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The handlers of {@link FrameFormat#newDecoder} and {@link FrameFormat#newStreamingDecoder}. */
final class DecoderSubject extends FrameSubject {
    /** Leaves the channel open, so that more comes after an error. */
    private static final class HeldClose extends ChannelOutboundHandlerAdapter {
        int asked;
        boolean over;

        @Override
        public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
            asked++;
            if (over) {
                var unused = ctx.close(promise);
            }
        }
    }

    private final HeldClose closes = new HeldClose();
    private final EmbeddedChannel channel;
    private final long limit;
    private final String name;
    private final List<Frame> frames = new ArrayList<>();
    private @Nullable End end;
    private @Nullable FrameStart start;
    private @Nullable ByteArrayOutputStream streamed;

    DecoderSubject(FrameFormat format, boolean streaming, Random random) {
        super(random);
        int wholeUpTo = random.nextInt(200);
        name = streaming ? "decoder, whole up to " + wholeUpTo : "decoder";
        limit = streaming ? format.maxBytes() : Math.min(format.maxBytes(), Integer.MAX_VALUE);
        channel = new EmbeddedChannel(closes, streaming ? format.newStreamingDecoder(wholeUpTo) : format.newDecoder());
        channel.config().setAllocator(own);
    }

    @Override
    long limit() {
        return limit;
    }

    @Override
    boolean typed() {
        return false;
    }

    @Override
    long restarts() {
        return 0;
    }

    @Override
    void feed(ByteBuf bytes) {
        channel.pipeline().fireChannelRead(bytes).fireChannelReadComplete();
        collect();
    }

    @Override
    void end() {
        int before = closes.asked;
        closes.over = true;
        var unused = channel.close();
        collect();
        assertThat(before).isLessThan(2);
    }

    private void collect() {
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            assertThat(end).as("nothing comes after an error, not %s", next).isNull();
            take(next);
        }
        for (Throwable error = Frames.error(channel); error != null; error = Frames.error(channel)) {
            assertThat(end).as("one error is enough").isNull();
            end = end(error);
            assertThat(closes.asked).isPositive();
        }
    }

    private void take(Object message) {
        if (message instanceof ByteBuf whole) {
            assertThat(start).isNull();
            byte[] payload = Frames.bytes(whole);
            frames.add(new Frame(0, payload.length, payload));
        } else if (message instanceof FrameStart begun) {
            assertThat(start).isNull();
            start = begun;
            streamed = new ByteArrayOutputStream();
        } else if (message instanceof FrameChunk chunk) {
            requireNonNull(streamed).writeBytes(Frames.bytes(chunk.content()));
        } else {
            assertThat(message).isEqualTo(new FrameEnd());
            frames.add(new Frame(
                    0, requireNonNull(start).length(), requireNonNull(streamed).toByteArray()));
            start = null;
        }
    }

    @Override
    FramesByTheBook result() {
        return new FramesByTheBook(frames, end == null ? End.WHOLE : end);
    }

    @Override
    public String toString() {
        return name;
    }
}
