package io.mutil.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("FutureReturnValueIgnored") // what matters is what comes out at the other end
class FrameDecoderTest {
    private final FrameFormat format = FrameFormat.littleEndian(4);

    @Test
    void everyTwoSplitsOfASmallStream() {
        byte[] stream = Frames.stream("", "a", "bcd", "", "efghij");
        for (int i = 0; i <= stream.length; i++) {
            for (int j = i; j <= stream.length; j++) {
                EmbeddedChannel channel = Frames.decoding(format);

                channel.writeInbound(
                        Unpooled.wrappedBuffer(stream, 0, i),
                        Unpooled.wrappedBuffer(stream, i, j - i),
                        Unpooled.wrappedBuffer(stream, j, stream.length - j));

                assertThat(Frames.texts(channel)).containsExactly("", "a", "bcd", "", "efghij");
                assertThat(channel.finish()).isFalse();
            }
        }
    }

    @Test
    void oneByteAtATime() {
        EmbeddedChannel channel = Frames.decoding(format);
        for (byte next : Frames.stream("", "abc", "")) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {next}));
        }

        assertThat(Frames.texts(channel)).containsExactly("", "abc", "");
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void frameWithinOneReadIsASliceOfIt() {
        EmbeddedChannel channel = Frames.decoding(format);
        ByteBuf in = Unpooled.wrappedBuffer(Frames.stream("ab", "cd"));

        channel.writeInbound(in);
        ByteBuf first = channel.readInbound();
        ByteBuf second = channel.readInbound();

        assertThat(first.array()).isSameAs(in.array());
        assertThat(in.refCnt()).isEqualTo(2);
        first.release();
        second.release();
        assertThat(in.refCnt()).isZero();
        channel.finish();
    }

    @Test
    void bodyThatComesAloneIsASliceToo() {
        EmbeddedChannel channel = Frames.decoding(format);
        ByteBuf body = Frames.buffer("abc");

        channel.writeInbound(Frames.hex("03000000"), body);
        ByteBuf frame = channel.readInbound();

        assertThat(frame.array()).isSameAs(body.array());
        frame.release();
        assertThat(body.refCnt()).isZero();
        channel.finish();
    }

    @Test
    void allocatesForWhatHasArrivedNotForWhatWasAnnounced() {
        var allocator = new CountingAllocator();
        EmbeddedChannel channel = Frames.decoding(format);
        channel.config().setAllocator(allocator);

        channel.writeInbound(Frames.hex("00000001"), Frames.buffer("12345"));
        assertThat(allocator.capacity()).isBetween(5, 1024);

        for (int i = 0; i < 15; i++) {
            channel.writeInbound(Unpooled.buffer().writeZero(1 << 20));
            assertThat(allocator.capacity()).isBetween((i + 1) << 20, ((i + 1) << 21) + 10);
        }
        channel.writeInbound(Unpooled.buffer().writeZero((1 << 20) - 5));

        ByteBuf frame = channel.readInbound();
        assertThat(frame.readableBytes()).isEqualTo(1 << 24);
        assertThat(frame.capacity()).isEqualTo(1 << 24);
        frame.release();
        channel.finish();
    }

    @ParameterizedTest
    @CsvSource({"1, 0a", "4, 0a000000", "7, 0a000000000000", "8, 0a00000000000000", "10, 0a000000000000000000"})
    void limitIsTheLongestThatPasses(int width, String header) {
        FrameFormat ten = FrameFormat.littleEndian(width);
        assertThat(Frames.text(decoded(ten.maxBytes(11), header + "30".repeat(10))))
                .hasSize(10);
        assertThat(Frames.text(decoded(ten.maxBytes(10), header + "30".repeat(10))))
                .hasSize(10);

        EmbeddedChannel refused = Frames.decoding(ten.maxBytes(9));
        assertThatThrownBy(() -> refused.writeInbound(Frames.hex(header)))
                .isInstanceOfSatisfying(FrameTooLargeException.class, e -> {
                    assertThat(e.announced()).isEqualTo(10);
                    assertThat(e.max()).isEqualTo(9);
                })
                .hasMessage("frame of 10 bytes exceeds maxBytes 9; raise it with FrameFormat.maxBytes,"
                        + " or check that both ends use " + width + "-byte headers");
        assertThat(refused.isOpen()).isFalse();
    }

    private static EmbeddedChannel decoded(FrameFormat format, String hex) {
        EmbeddedChannel channel = Frames.decoding(format);
        channel.writeInbound(Frames.hex(hex));
        return channel;
    }

    @ParameterizedTest
    @CsvSource({
        "8, 0000000000000080",
        "8, ffffffffffffffff",
        "9, 000000000000008000",
        "9, 000000000000000001",
        "9, 0000000000000000ff",
        "10, 00000000000000000100",
        "10, 00000000000000000001",
        "10, 00000000000000008000",
        "10, ffffffffffffffffffff"
    })
    void refusesLengthsBeyondLong(int width, String header) {
        FrameFormat widest = FrameFormat.littleEndian(width).maxBytes(Long.MAX_VALUE);
        for (ChannelHandler decoder : List.of(widest.newDecoder(), widest.newStreamingDecoder(0))) {
            EmbeddedChannel channel = new EmbeddedChannel(decoder);

            assertThatThrownBy(() -> channel.writeInbound(Frames.hex(header)))
                    .isInstanceOfSatisfying(
                            FrameTooLargeException.class,
                            e -> assertThat(e.announced()).isEqualTo(Long.MAX_VALUE))
                    .hasMessageContaining("frame of more than 9223372036854775807 bytes");

            assertThat(channel.isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10})
    void theLongestLengthStreams(int width) {
        FrameFormat widest = FrameFormat.littleEndian(width).maxBytes(Long.MAX_VALUE);
        EmbeddedChannel channel = new EmbeddedChannel(widest.newStreamingDecoder(10));

        channel.writeInbound(Frames.hex("ffffffffffffff7f" + "00".repeat(width - 8)));

        assertThat(channel.<Object>readInbound()).isEqualTo(new FrameStart(Long.MAX_VALUE));
        assertThatThrownBy(channel::finish).isInstanceOf(TruncatedFrameException.class);
    }

    @Test
    void refusesWholeFramesBeyondOneBuffer() {
        EmbeddedChannel channel = Frames.decoding(format.maxBytes(Long.MAX_VALUE));

        assertThatThrownBy(() -> channel.writeInbound(Frames.hex("00000080")))
                .isInstanceOf(FrameTooLargeException.class)
                .hasMessageContaining("newStreamingDecoder");
    }

    @Test
    void errorPoisonsTheStream() {
        EmbeddedChannel channel = Frames.decoding(format.maxBytes(3));
        ByteBuf in = Unpooled.wrappedBuffer(Frames.stream("abc", "abcd", "ef"));
        channel.pipeline().addFirst(new StayOpen());

        Throwable error = catchThrowable(() -> channel.writeInbound(in));
        ByteBuf late = Unpooled.wrappedBuffer(Frames.stream("gh", "ijklmn"));
        channel.writeInbound(late);

        assertThat(error).isInstanceOf(FrameTooLargeException.class);
        assertThat(Frames.texts(channel)).containsExactly("abc");
        assertThat(in.refCnt()).isZero();
        assertThat(late.refCnt()).isZero();
        assertThat(channel.finish()).isFalse();
    }

    /** Leaves the channel open, as one whose close still drains what was written. */
    private static final class StayOpen extends ChannelOutboundHandlerAdapter {
        @Override
        public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
            promise.setSuccess();
        }
    }

    @Test
    void messagesOfOtherTypesPass() {
        EmbeddedChannel channel = Frames.decoding(format);

        channel.writeInbound("text", 5);

        assertThat(channel.<Object>readInbound()).isEqualTo("text");
        assertThat(channel.<Object>readInbound()).isEqualTo(5);
        channel.finish();
    }

    @Test
    void longFramesComeInPieces() {
        EmbeddedChannel channel = new EmbeddedChannel(format.newStreamingDecoder(3));

        channel.writeInbound(
                Unpooled.wrappedBuffer(Frames.stream("abc")),
                Frames.hex("05"),
                Frames.hex("000000"),
                Frames.buffer("ab"),
                Unpooled.wrappedBuffer(Frames.buffer("cde"), Unpooled.wrappedBuffer(Frames.stream("", "x"))));

        assertThat(Frames.text(channel)).isEqualTo("abc");
        assertThat(channel.<Object>readInbound()).isEqualTo(new FrameStart(5));
        assertThat(chunk(channel)).isEqualTo("ab");
        assertThat(chunk(channel)).isEqualTo("cde");
        assertThat(channel.<Object>readInbound()).isEqualTo(new FrameEnd());
        assertThat(Frames.texts(channel)).containsExactly("", "x");
        assertThat(channel.finish()).isFalse();
    }

    private static String chunk(EmbeddedChannel channel) {
        FrameChunk chunk = channel.readInbound();
        return Frames.text(chunk.content());
    }

    @Test
    void threeGibibytesPassWithoutBeingGathered() {
        var reads = new ReadCounter();
        long length = 3L << 30;
        FrameFormat huge = FrameFormat.littleEndian(8).maxBytes(length);
        EmbeddedChannel channel = new EmbeddedChannel(reads, huge.newStreamingDecoder(1 << 20));
        channel.config().setAutoRead(false);
        int before = reads.count;
        ByteBuf mebibyte = Unpooled.directBuffer(1 << 20).writeZero(1 << 20);
        channel.writeInbound(Frames.hex("000000c000000000"));
        assertThat(channel.<Object>readInbound()).isEqualTo(new FrameStart(length));

        long received = 0;
        for (int i = 0; i < 3 << 10; i++) {
            channel.writeInbound(mebibyte.retainedDuplicate());
            FrameChunk chunk = channel.readInbound();
            received += chunk.content().readableBytes();
            assertThat(mebibyte.refCnt()).isEqualTo(2);
            chunk.release();
        }

        assertThat(received).isEqualTo(length);
        assertThat(channel.<Object>readInbound()).isEqualTo(new FrameEnd());
        assertThat(reads.count).as("reads that nobody asked for").isEqualTo(before);
        assertThat(mebibyte.release()).isTrue();
        assertThat(channel.finish()).isFalse();
    }
}
