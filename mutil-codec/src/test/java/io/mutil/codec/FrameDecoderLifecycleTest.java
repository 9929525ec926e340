package io.mutil.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ends, removal, calls from inside a callback, and reading on demand. */
@SuppressWarnings("FutureReturnValueIgnored") // what matters is what comes out at the other end
class FrameDecoderLifecycleTest {
    private final FrameFormat format = FrameFormat.littleEndian(4);

    @ParameterizedTest
    @CsvSource({"01, 4, 1, header", "050000, 4, 3, header", "05000000, 5, 0, payload", "050000006162, 5, 2, payload"})
    void endInsideAFrameIsTruncation(String bytes, long expected, long received, String part) {
        for (ChannelHandler decoder : List.of(format.newDecoder(), format.newStreamingDecoder(0))) {
            EmbeddedChannel channel = new EmbeddedChannel(decoder);
            channel.writeInbound(Frames.hex(bytes));

            assertThatThrownBy(channel::finish)
                    .isInstanceOfSatisfying(TruncatedFrameException.class, e -> {
                        assertThat(e.expected()).isEqualTo(expected);
                        assertThat(e.received()).isEqualTo(received);
                    })
                    .hasMessageStartingWith(
                            "stream ended after " + received + " of " + expected + " " + part + " bytes");
            channel.releaseInbound();
        }
    }

    @Test
    void halfCloseInsideAFrameIsTruncationOnce() {
        EmbeddedChannel channel = Frames.decoding(format);
        channel.writeInbound(Frames.hex("0500000061"));

        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(Frames.error(channel)).isInstanceOf(TruncatedFrameException.class);
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void halfCloseBetweenFramesSaysNothing() {
        List<Object> events = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(format.newDecoder(), new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                events.add(event);
            }
        });
        channel.writeInbound(Unpooled.wrappedBuffer(Frames.stream("a")));

        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(events).containsExactly(ChannelInputShutdownEvent.INSTANCE);
        assertThat(channel.isOpen()).isTrue();
        assertThat(Frames.texts(channel)).containsExactly("a");
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void readsFromInsideACallbackKeepTheOrder() {
        AtomicInteger nested = new AtomicInteger();
        EmbeddedChannel channel = onFrame((ctx, frame) -> {
            if (nested.getAndIncrement() == 0) {
                ctx.pipeline().fireChannelRead(Unpooled.wrappedBuffer(Frames.stream("c", "d")));
                ctx.pipeline().fireChannelRead("text");
                ctx.pipeline().fireChannelReadComplete();
            }
        });

        channel.writeInbound(Unpooled.wrappedBuffer(Frames.stream("a", "b")));

        List<Object> seen = new ArrayList<>();
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            seen.add(next instanceof ByteBuf frame ? Frames.text(frame) : next);
        }
        assertThat(seen).containsExactly("a", "b", "c", "d", "text");
        channel.finish();
    }

    private EmbeddedChannel onFrame(BiConsumer<ChannelHandlerContext, Object> callback) {
        return new EmbeddedChannel(format.newDecoder(), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                callback.accept(ctx, msg);
                ctx.fireChannelRead(msg);
            }
        });
    }

    @Test
    void closeFromInsideACallbackStillDeliversWhatWasRead() {
        EmbeddedChannel channel = onFrame((ctx, frame) -> ctx.channel().close());

        channel.writeInbound(Unpooled.wrappedBuffer(Frames.stream("a", "b")));

        assertThat(Frames.texts(channel)).containsExactly("a", "b");
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void removalFromInsideACallbackPassesTheRestOn() {
        EmbeddedChannel channel = onFrame((ctx, frame) -> {
            if (ctx.pipeline().get(FrameDecoder.class) != null) {
                ctx.pipeline().remove(FrameDecoder.class);
            }
        });

        channel.writeInbound(Unpooled.wrappedBuffer(Frames.stream("a")), Frames.buffer("raw"));
        channel.writeInbound(Frames.buffer("more"));

        assertThat(Frames.texts(channel)).containsExactly("a", "raw", "more");
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void removalBehindAFrameInOneReadPassesTheRestOn() {
        EmbeddedChannel channel = onFrame((ctx, frame) -> {
            if (ctx.pipeline().get(FrameDecoder.class) != null) {
                ctx.pipeline().remove(FrameDecoder.class);
            }
        });
        ByteBuf in = Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(Frames.stream("a")), Frames.buffer("raw"));

        channel.writeInbound(in);

        assertThat(Frames.texts(channel)).containsExactly("a", "raw");
        assertThat(in.refCnt()).isZero();
        channel.finish();
    }

    @Test
    void removalInsideAHeaderPassesItsBytesOn() {
        EmbeddedChannel channel = Frames.decoding(format);
        channel.writeInbound(Frames.buffer("ab"));

        channel.pipeline().remove(FrameDecoder.class);

        assertThat(Frames.texts(channel)).containsExactly("ab");
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void removalInsideABodyReleasesIt() {
        var allocator = new CountingAllocator();
        EmbeddedChannel channel = Frames.decoding(format);
        channel.config().setAllocator(allocator);
        channel.writeInbound(Frames.hex("0500000061"));
        assertThat(allocator.last().refCnt()).isOne();

        channel.pipeline().remove(FrameDecoder.class);

        assertThat(allocator.last().refCnt()).isZero();
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void endInsideABodyReleasesIt() {
        var allocator = new CountingAllocator();
        EmbeddedChannel channel = Frames.decoding(format);
        channel.config().setAllocator(allocator);
        channel.writeInbound(Frames.hex("0500000061"));

        assertThatThrownBy(channel::finish).isInstanceOf(TruncatedFrameException.class);

        assertThat(allocator.last().refCnt()).isZero();
    }

    @Test
    void outOfMemoryEndsTheStream() {
        EmbeddedChannel channel = Frames.decoding(format);
        channel.config().setAllocator(new CountingAllocator() {
            @Override
            protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
                throw new OutOfMemoryError("test");
            }
        });
        ByteBuf in = Frames.hex("0500000061");

        assertThatThrownBy(() -> channel.writeInbound(in)).isInstanceOf(OutOfMemoryError.class);

        assertThat(in.refCnt()).isZero();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void asksForMoreWithoutAutoReadUntilAMessageIsComplete() {
        var reads = new ReadCounter();
        EmbeddedChannel channel = new EmbeddedChannel(reads, format.newDecoder());
        channel.config().setAutoRead(false);
        int before = reads.count;

        channel.writeInbound(Frames.hex("03"));
        assertThat(reads.count - before).isEqualTo(1);
        channel.writeInbound(Frames.hex("00000061"));
        assertThat(reads.count - before).isEqualTo(2);
        channel.writeInbound(Frames.hex("6263"));
        assertThat(reads.count - before).isEqualTo(2);

        assertThat(Frames.texts(channel)).containsExactly("abc");
        channel.finish();
    }
}
