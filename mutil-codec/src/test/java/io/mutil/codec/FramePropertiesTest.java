package io.mutil.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

@SuppressWarnings("FutureReturnValueIgnored") // what matters is what comes out at the other end
class FramePropertiesTest {
    @Property(tries = 400)
    void everySplitGivesBackThePayloads(
            @ForAll @IntRange(min = 1, max = 10) int width,
            @ForAll @Size(max = 12) List<@Size(max = 255) byte[]> payloads,
            @ForAll @IntRange(min = 1, max = 300) int longestPiece,
            @ForAll long seed) {
        FrameFormat format = FrameFormat.littleEndian(width);
        EmbeddedChannel decoder = new EmbeddedChannel(format.newDecoder());

        List<ByteBuf> pieces = feed(decoder, encoded(format, payloads), longestPiece, new Random(seed));

        for (byte[] payload : payloads) {
            assertThat(Frames.bytes(decoder.readInbound())).isEqualTo(payload);
        }
        assertThat(decoder.finish()).isFalse();
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
    }

    @Property(tries = 400)
    void everySplitStreamsTheSameBytes(
            @ForAll @IntRange(min = 1, max = 10) int width,
            @ForAll @LongRange(min = 0, max = 255) long wholeUpTo,
            @ForAll @Size(max = 12) List<@Size(max = 255) byte[]> payloads,
            @ForAll @IntRange(min = 1, max = 300) int longestPiece,
            @ForAll long seed) {
        FrameFormat format = FrameFormat.littleEndian(width);
        EmbeddedChannel decoder = new EmbeddedChannel(format.newStreamingDecoder(wholeUpTo));

        List<ByteBuf> pieces = feed(decoder, encoded(format, payloads), longestPiece, new Random(seed));

        for (byte[] payload : payloads) {
            assertThat(payload.length <= wholeUpTo ? Frames.bytes(decoder.readInbound()) : joined(decoder))
                    .isEqualTo(payload);
        }
        assertThat(decoder.finish()).isFalse();
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
    }

    private static byte[] joined(EmbeddedChannel decoder) {
        FrameStart start = decoder.readInbound();
        ByteBuf all = Unpooled.buffer();
        Object next = decoder.readInbound();
        while (next instanceof FrameChunk chunk) {
            all.writeBytes(chunk.content());
            chunk.release();
            next = decoder.readInbound();
        }
        assertThat(next).isEqualTo(new FrameEnd());
        assertThat(all.readableBytes()).isEqualTo(start.length());
        return Frames.bytes(all);
    }

    @Property(tries = 600)
    void garbageGivesFramesOrADocumentedError(
            @ForAll @IntRange(min = 1, max = 10) int width,
            @ForAll @Size(max = 600) byte[] garbage,
            @ForAll @LongRange(min = 1, max = 300) long limit,
            @ForAll boolean streaming,
            @ForAll long seed) {
        FrameFormat format = FrameFormat.littleEndian(width).maxBytes(limit);
        ChannelHandler decoder = streaming ? format.newStreamingDecoder(limit / 2) : format.newDecoder();
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        List<Throwable> errors = new ArrayList<>();
        List<ByteBuf> pieces = pieces(garbage, 40, new Random(seed));

        for (ByteBuf piece : pieces) {
            channel.pipeline().fireChannelRead(piece).fireChannelReadComplete();
            collect(channel, errors);
        }
        channel.close();
        collect(channel, errors);

        assertThat(errors).hasSizeLessThan(2).allMatch(FramePropertiesTest::isDocumented);
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            ReferenceCountUtil.release(next);
        }
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
    }

    private static void collect(EmbeddedChannel channel, List<Throwable> errors) {
        Throwable error = Frames.error(channel);
        if (error != null) {
            errors.add(error);
        }
    }

    private static boolean isDocumented(Throwable error) {
        return error instanceof FrameTooLargeException || error instanceof TruncatedFrameException;
    }

    private static byte[] encoded(FrameFormat format, List<byte[]> payloads) {
        EmbeddedChannel encoder = Frames.encoding(format);
        payloads.forEach(payload -> encoder.writeOutbound(Unpooled.copiedBuffer(payload)));
        byte[] all = Frames.written(encoder);
        encoder.finish();
        return all;
    }

    private static List<ByteBuf> feed(EmbeddedChannel decoder, byte[] stream, int longestPiece, Random random) {
        List<ByteBuf> pieces = pieces(stream, longestPiece, random);
        pieces.forEach(decoder::writeInbound);
        return pieces;
    }

    private static List<ByteBuf> pieces(byte[] stream, int longestPiece, Random random) {
        ByteBuf in = Unpooled.wrappedBuffer(stream);
        List<ByteBuf> pieces = new ArrayList<>();
        while (in.isReadable()) {
            int length = Math.min(in.readableBytes(), random.nextInt(longestPiece + 1));
            pieces.add(Unpooled.buffer().writeBytes(in, length));
        }
        return pieces;
    }
}
