package io.mutil.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // what matters is what comes out at the other end
class FrameEncoderTest {
    private final FrameFormat format = FrameFormat.littleEndian(4).maxBytes(1 << 20);
    private final EmbeddedChannel channel = Frames.encoding(format);

    @AfterEach
    void releaseAll() {
        channel.finishAndReleaseAll();
    }

    @Test
    void smallPayloadLeavesInOneDirectBuffer() {
        ByteBuf payload = Frames.buffer("abc");

        channel.writeOutbound(payload);

        assertThat(payload.refCnt()).isZero();
        ByteBuf frame = channel.readOutbound();
        assertThat(frame.isDirect()).isTrue();
        assertThat(Frames.bytes(frame)).isEqualTo(Frames.stream("abc"));
        assertThat(channel.<Object>readOutbound()).isNull();
    }

    @Test
    void longPayloadIsNotCopied() {
        ByteBuf payload = Unpooled.buffer().writeZero(EncodedFrame.COPY_UP_TO + 1);

        channel.writeOutbound(payload);

        ByteBuf header = channel.readOutbound();
        assertThat(header.isDirect()).isTrue();
        assertThat(Frames.bytes(header)).isEqualTo(Frames.bytes(Frames.hex("01400000")));
        assertThat(channel.<Object>readOutbound()).isSameAs(payload);
        assertThat(payload.release()).isTrue();
    }

    @Test
    void sliceOfAPayloadIsWrittenFromItsReaderIndex() {
        channel.writeOutbound(Frames.buffer("abcdef").skipBytes(2));

        assertThat(Frames.written(channel)).isEqualTo(Frames.stream("cdef"));
    }

    @Test
    void tooLongPayloadFailsItsWriteOnly() {
        ByteBuf payload = Unpooled.buffer().writeZero((1 << 20) + 1);

        ChannelFuture refused = channel.writeOneOutbound(payload);
        channel.writeOutbound(Frames.buffer("next"));

        assertThat(refused.cause())
                .isInstanceOf(FrameTooLargeException.class)
                .hasMessageStartingWith("frame of 1048577 bytes exceeds maxBytes 1048576");
        assertThat(payload.refCnt()).isZero();
        assertThat(channel.isOpen()).isTrue();
        assertThat(Frames.written(channel)).isEqualTo(Frames.stream("next"));
    }

    @Test
    void payloadBeyondTheHeaderNamesTheWidth() {
        EmbeddedChannel narrow = Frames.encoding(FrameFormat.littleEndian(1));

        ChannelFuture refused = narrow.writeOneOutbound(Unpooled.buffer().writeZero(256));

        assertThat(refused.cause())
                .hasMessage("frame of 256 bytes exceeds the 255 that a 1-byte header can express;"
                        + " use a wider header on both ends");
        narrow.finish();
    }

    @Test
    void failureReleasesThePayload() {
        channel.close();
        ByteBuf small = Frames.buffer("abc");
        ByteBuf large = Unpooled.buffer().writeZero(100_000);

        ChannelFuture first = channel.write(small);
        ChannelFuture second = channel.write(large);

        assertThat(first.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(second.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(small.refCnt()).isZero();
        assertThat(large.refCnt()).isZero();
    }

    @Test
    void longFrameCannotBeCancelledHalfWay() {
        ByteBuf payload = Unpooled.buffer().writeZero(100_000);

        ChannelFuture write = channel.write(payload);

        assertThat(write.cancel(false)).isFalse();
        channel.flush();
        assertThat(Frames.written(channel)).hasSize(100_004);
        assertThat(write.isSuccess()).isTrue();
    }

    @Test
    void writeThatWasCancelledBeforehandSendsNothing() {
        for (int length : new int[] {1, 100_000}) {
            ByteBuf payload = Unpooled.buffer().writeZero(length);
            ChannelPromise cancelled = channel.newPromise();
            cancelled.cancel(false);

            channel.writeAndFlush(payload, cancelled);

            assertThat(payload.refCnt()).isZero();
            assertThat(channel.<Object>readOutbound()).isNull();
        }
    }

    @Test
    void promiseCompletesWithTheLastPart() {
        ChannelFuture write = channel.write(Unpooled.buffer().writeZero(100_000));
        assertThat(write.isDone()).isFalse();

        channel.flush();

        assertThat(write.isSuccess()).isTrue();
    }

    @Test
    void voidPromiseIsAccepted() {
        channel.write(Frames.buffer("abc"), channel.voidPromise());
        channel.write(Unpooled.buffer().writeZero(100_000), channel.voidPromise());
        channel.flush();

        assertThat(Frames.written(channel)).hasSize(7 + 100_004);
    }

    @Test
    void failedPartOfAFrameClosesTheChannel() {
        EmbeddedChannel broken = new EmbeddedChannel(new FailLarge(), format.newEncoder());
        ByteBuf payload = Unpooled.buffer().writeZero(100_000);

        ChannelFuture write = broken.writeOneOutbound(payload);

        assertThat(write.cause()).isInstanceOf(IOException.class);
        assertThat(payload.refCnt()).isZero();
        assertThat(broken.isOpen()).isFalse();
        broken.releaseOutbound();
    }

    private static final class FailLarge extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            if (((ByteBuf) msg).readableBytes() > 1000) {
                ((ByteBuf) msg).release();
                promise.setFailure(new IOException("test"));
            } else {
                ctx.write(msg, promise);
            }
        }
    }

    @Test
    void otherMessagesPass() {
        channel.writeOutbound("text");

        assertThat(channel.<Object>readOutbound()).isEqualTo("text");
    }

    @Test
    void readyFramePassesAsItIs() {
        EncodedFrame frame = format.encode(ByteBufAllocator.DEFAULT, Frames.buffer("abc"));

        channel.writeOutbound(frame.retainedDuplicate());

        ByteBuf written = channel.readOutbound();
        assertThat(written.memoryAddress()).isEqualTo(frame.content().memoryAddress());
        assertThat(written.maxWritableBytes())
                .as("room for what is not of this frame")
                .isZero();
        assertThat(Frames.bytes(written)).isEqualTo(Frames.stream("abc"));
        assertThat(frame.release()).isTrue();
    }

    @Test
    void readyFrameOfAnotherFormatIsRefused() {
        EncodedFrame wide = FrameFormat.littleEndian(8).encode(ByteBufAllocator.DEFAULT, Frames.buffer("abc"));
        EncodedFrame large = FrameFormat.littleEndian(4)
                .encode(ByteBufAllocator.DEFAULT, Unpooled.buffer().writeZero(2 << 20));

        ChannelFuture first = channel.writeOneOutbound(wide);
        ChannelFuture second = channel.writeOneOutbound(large);

        assertThat(first.cause()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("8-byte header");
        assertThat(second.cause()).isInstanceOf(FrameTooLargeException.class);
        assertThat(wide.refCnt()).isZero();
        assertThat(large.refCnt()).isZero();
    }

    @Test
    void readyFrameThatWasWrittenWithoutADuplicateIsRefusedTheSecondTime() {
        EncodedFrame frame = format.encode(ByteBufAllocator.DEFAULT, Frames.buffer("abc"));
        frame.content().skipBytes(7);

        ChannelFuture again = channel.writeOneOutbound(frame);

        assertThat(again.cause()).isInstanceOf(IllegalStateException.class).hasMessageContaining("retainedDuplicate");
        assertThat(frame.refCnt()).isZero();
    }

    @Test
    void eventsMakeOneFrame() {
        channel.writeOutbound(new FrameStart(8));
        channel.writeOutbound(new FrameChunk(Frames.buffer("abcde")), new FrameChunk(Unpooled.EMPTY_BUFFER));
        channel.writeOutbound(new FrameChunk(Frames.buffer("fgh")), new FrameEnd());
        channel.writeOutbound(Frames.buffer("next"), new FrameStart(0), new FrameEnd());

        assertThat(Frames.written(channel)).isEqualTo(Frames.stream("abcdefgh", "next", ""));
    }

    @Test
    void frameEndCompletesAfterTheBytes() {
        channel.write(new FrameStart(1));
        channel.write(new FrameChunk(Frames.buffer("a")));
        ChannelFuture end = channel.write(new FrameEnd());
        assertThat(end.isDone()).isFalse();

        channel.flush();

        assertThat(end.isSuccess()).isTrue();
    }

    @Test
    void otherFramesWaitForTheEnd() {
        EncodedFrame ready = format.encode(ByteBufAllocator.DEFAULT, Frames.buffer("x"));
        ByteBuf payload = Frames.buffer("y");
        channel.writeOutbound(new FrameStart(3), new FrameChunk(Frames.buffer("a")));

        assertIllegalState(channel.writeOneOutbound(ready));
        assertIllegalState(channel.writeOneOutbound(payload));
        assertIllegalState(channel.writeOneOutbound(new FrameStart(1)));
        channel.writeOutbound(new FrameChunk(Frames.buffer("bc")), new FrameEnd());

        assertThat(ready.refCnt()).isZero();
        assertThat(payload.refCnt()).isZero();
        assertThat(channel.isOpen()).isTrue();
        assertThat(Frames.written(channel)).isEqualTo(Frames.stream("abc"));
    }

    private static void assertIllegalState(ChannelFuture write) {
        assertThat(write.cause()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void eventsWithoutAStartAreRefused() {
        FrameChunk chunk = new FrameChunk(Frames.buffer("a"));

        assertIllegalState(channel.writeOneOutbound(chunk));
        assertIllegalState(channel.writeOneOutbound(new FrameEnd()));

        assertThat(chunk.refCnt()).isZero();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void tooManyBytesCloseTheChannel() {
        FrameChunk chunk = new FrameChunk(Frames.buffer("abcd"));
        channel.writeOutbound(new FrameStart(3));

        ChannelFuture write = channel.writeOneOutbound(chunk);

        assertIllegalState(write);
        assertThat(chunk.refCnt()).isZero();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void earlyEndClosesTheChannel() {
        channel.writeOutbound(new FrameStart(3), new FrameChunk(Frames.buffer("ab")));

        ChannelFuture write = channel.writeOneOutbound(new FrameEnd());

        assertIllegalState(write);
        assertThat(write.cause()).hasMessageContaining("lacks 1 bytes");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void tooLongStartOpensNothing() {
        ChannelFuture start = channel.writeOneOutbound(new FrameStart((1 << 20) + 1));
        channel.writeOutbound(Frames.buffer("next"));

        assertThat(start.cause()).isInstanceOf(FrameTooLargeException.class);
        assertThat(Frames.written(channel)).isEqualTo(Frames.stream("next"));
    }

    @Test
    void streamedFrameArrivesAsItWasSent() {
        FrameFormat huge = FrameFormat.littleEndian(10).maxBytes(1L << 40);
        EmbeddedChannel sender = Frames.encoding(huge);
        EmbeddedChannel receiver = new EmbeddedChannel(huge.newStreamingDecoder(10));

        sender.writeOutbound(new FrameStart(11), new FrameChunk(Frames.buffer("hello ")));
        sender.writeOutbound(new FrameChunk(Frames.buffer("world")), new FrameEnd());
        for (ByteBuf next = sender.readOutbound(); next != null; next = sender.readOutbound()) {
            receiver.writeInbound(next);
        }

        assertThat(receiver.<Object>readInbound()).isEqualTo(new FrameStart(11));
        FrameChunk first = receiver.readInbound();
        FrameChunk second = receiver.readInbound();
        assertThat(Frames.text(first.content()) + Frames.text(second.content())).isEqualTo("hello world");
        assertThat(receiver.<Object>readInbound()).isEqualTo(new FrameEnd());
        sender.finish();
        receiver.finish();
    }
}
