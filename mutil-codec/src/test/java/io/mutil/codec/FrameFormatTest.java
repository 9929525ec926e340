package io.mutil.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameFormatTest {
    private final FrameFormat format = FrameFormat.littleEndian(4);

    @Test
    void exampleOfTheClassDocs() {
        FrameFormat format = FrameFormat.littleEndian(4).maxBytes(16 << 20);
        List<EmbeddedChannel> channels = List.of(new EmbeddedChannel(), new EmbeddedChannel(), new EmbeddedChannel());
        channels.forEach(channel -> channel.pipeline().addLast(format.newDecoder(), format.newEncoder()));
        ByteBuf payload = Frames.buffer("hello");

        EncodedFrame shared = format.encode(ByteBufAllocator.DEFAULT, payload);
        for (EmbeddedChannel channel : channels) {
            channel.writeOutbound(shared.retainedDuplicate());
        }
        shared.release();

        for (EmbeddedChannel channel : channels) {
            channel.writeInbound((ByteBuf) channel.readOutbound());
            assertThat(Frames.text(channel)).isEqualTo("hello");
            channel.finishAndReleaseAll();
        }
        assertThat(shared.refCnt()).isZero();
        assertThat(payload.refCnt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 11})
    void refusesOtherWidths(int width) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrameFormat.littleEndian(width))
                .withMessage("headerBytes must be from 1 to 10, was " + width);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0})
    void refusesLimitsThatAdmitNothing(long bytes) {
        assertThatIllegalArgumentException().isThrownBy(() -> format.maxBytes(bytes));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1L << 31})
    void refusesOtherThresholds(long wholeUpTo) {
        assertThatIllegalArgumentException().isThrownBy(() -> format.newStreamingDecoder(wholeUpTo));
    }

    @Test
    void limitIs16MiBUnlessChanged() {
        assertThat(format.maxBytes()).isEqualTo(16777216);
        assertThat(format.maxBytes(5).maxBytes()).isEqualTo(5);
        assertThat(format.maxBytes(5).headerBytes()).isEqualTo(4);
    }

    @Test
    void isAValue() {
        assertThat(format.maxBytes(5))
                .isEqualTo(FrameFormat.littleEndian(4).maxBytes(5))
                .hasSameHashCodeAs(FrameFormat.littleEndian(4).maxBytes(5))
                .isNotEqualTo(format)
                .isNotEqualTo(FrameFormat.littleEndian(5).maxBytes(5))
                .hasToString("FrameFormat[littleEndian, headerBytes=4, maxBytes=5]");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10})
    void writesTheLongestHeader(int width) {
        ByteBuf into = Unpooled.buffer(0);

        FrameFormat.littleEndian(width).maxBytes(Long.MAX_VALUE).writeHeader(into, Long.MAX_VALUE);

        assertThat(Frames.bytes(into)).isEqualTo(Frames.bytes(Frames.hex("ffffffffffffff7f" + "00".repeat(width - 8))));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void refusesHeadersThatDoNotFit(int width) {
        FrameFormat format = FrameFormat.littleEndian(width).maxBytes(Long.MAX_VALUE);
        ByteBuf into = Unpooled.buffer();
        long max = (1L << (8 * width)) - 1;

        format.writeHeader(into, max);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.writeHeader(into, max + 1))
                .withMessageContaining("use a wider header");
        assertThatIllegalArgumentException().isThrownBy(() -> format.writeHeader(into, -1));

        assertThat(Frames.bytes(into)).isEqualTo(Frames.bytes(Frames.hex("ff".repeat(width))));
    }

    @Test
    void refusesToEncodeBeyondTheLimit() {
        ByteBuf payload = Frames.buffer("123456");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.maxBytes(5).encode(ByteBufAllocator.DEFAULT, payload))
                .withMessageContaining("frame of 6 bytes exceeds maxBytes 5; raise it with FrameFormat.maxBytes");

        assertThat(payload.refCnt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, EncodedFrame.COPY_UP_TO, EncodedFrame.COPY_UP_TO + 1, 100_000})
    void encodesIntoDirectMemory(int length) {
        for (ByteBuf payload : List.of(
                Unpooled.buffer().writeZero(length), Unpooled.directBuffer().writeZero(length))) {
            EncodedFrame frame = format.encode(ByteBufAllocator.DEFAULT, payload);

            assertThat(frame.content().isDirect()).isTrue();
            assertThat(frame.content().readableBytes()).isEqualTo(4 + length);
            assertThat(frame.headerBytes()).isEqualTo(4);
            assertThat(frame.payloadBytes()).isEqualTo(length);
            assertThat(frame.release()).isTrue();
            assertThat(payload.refCnt()).isZero();
        }
    }

    @Test
    void longDirectPayloadIsSharedNotCopied() {
        ByteBuf payload = Unpooled.directBuffer().writeZero(100_000);

        EncodedFrame frame = format.encode(ByteBufAllocator.DEFAULT, payload);

        assertThat(payload.refCnt()).isOne();
        assertThat(frame.content().nioBufferCount()).isEqualTo(2);
        frame.release();
        assertThat(payload.refCnt()).isZero();
    }

    @Test
    void frameKeepsItsKindWhenCopied() {
        EncodedFrame frame = format.encode(ByteBufAllocator.DEFAULT, Frames.buffer("abc"));

        EncodedFrame copy = frame.copy();

        assertThat(copy.payloadBytes()).isEqualTo(3);
        assertThat(frame.duplicate()).isEqualTo(frame);
        assertThat(frame.retain().retain(1).touch().touch("here").refCnt()).isEqualTo(3);
        assertThat(frame.toString()).startsWith("EncodedFrame[headerBytes=4");
        frame.release(3);
        copy.release();
    }
}
