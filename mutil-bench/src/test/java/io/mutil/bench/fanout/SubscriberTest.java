package io.mutil.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubscriberTest {
    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

    private final Meter meter = new Meter();
    private final Subscriber subscriber = new Subscriber(new Subscription("/", "hello", 2, -1), meter);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Tick tick = new Tick();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void upgrade() {
        channel.pipeline().addLast(subscriber);
        channel.writeInbound(text(SWITCHING));
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    private ByteBuf message(long sequence, long time) {
        ByteBuf frame = Unpooled.buffer();
        Frames.textHeader(frame, Tick.BYTES, false);
        tick.write(frame, 1, sequence, time);
        return frame;
    }

    @Test
    void subscribesWhenItIsConnectedAndWaitsForTheAnswer() {
        upgrade();
        ByteBuf request = channel.readOutbound();
        assertThat(request.toString(6, 5, US_ASCII)).isEqualTo("hello");
        request.release();
        assertThat(subscriber.subscribed()).isNotDone();

        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) 0x81, 5}, "hello".getBytes(US_ASCII)));

        assertThat(subscriber.subscribed()).isCompleted();
    }

    @Test
    void failsWhenItIsRefused() {
        channel.pipeline().addLast(subscriber);

        channel.writeInbound(text("HTTP/1.1 404 Not Found\r\n\r\n"));

        assertThat(subscriber.subscribed()).isCompletedExceptionally();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void countsMessagesThatFollowEachOther() {
        upgrade();

        channel.writeInbound(message(1, 0), message(3, 0));

        assertThat(subscriber.received()).isEqualTo(2);
        assertThat(subscriber.complete()).isEqualTo(4);
        assertThat(subscriber.missing(4)).isZero();
        assertThat(subscriber.missing(5)).isOne();
        assertThat(subscriber.faults()).isZero();
    }

    @Test
    void putsTogetherWhatComesInPieces() {
        upgrade();
        ByteBuf two = Unpooled.wrappedBuffer(message(1, 0), message(3, 0));
        while (two.isReadable()) {
            channel.writeInbound(two.readRetainedSlice(Math.min(7, two.readableBytes())));
        }
        two.release();

        assertThat(subscriber.received()).isEqualTo(2);
        assertThat(subscriber.faults()).isZero();
    }

    @Test
    void findsGapsAndRepetitions() {
        upgrade();

        channel.writeInbound(message(1, 0), message(5, 0), message(5, 0));

        assertThat(subscriber.faults()).isEqualTo(2);
    }

    @Test
    void doesNotCountProbes() {
        upgrade();

        channel.writeInbound(message(0, 0));

        assertThat(subscriber.probes()).isOne();
        assertThat(subscriber.received()).isZero();
    }

    @Test
    void takesEveryMessageOfAnArray() {
        upgrade();
        ByteBuf frame = Unpooled.buffer();
        Frames.textHeader(frame, 2 * (Tick.BYTES + 1) + 1, false);
        frame.writeByte('[');
        tick.write(frame, 1, 1, 0);
        frame.writeByte(',');
        tick.write(frame, 1, 3, 0);
        frame.writeByte(']');

        channel.writeInbound(frame);

        assertThat(subscriber.received()).isEqualTo(2);
        assertThat(subscriber.faults()).isZero();
    }

    @Test
    void measuresFromTheMessageItIsTold() {
        upgrade();
        meter.measureFrom(3);

        channel.writeInbound(message(1, Tick.now()), message(3, Tick.now() + Long.MAX_VALUE / 2));

        assertThat(meter.latencies().percentiles().max()).isZero();
    }

    @Test
    void answersPings() {
        upgrade();
        channel.releaseOutbound();

        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) 0x89, 1, 'p'}));

        ByteBuf pong = channel.readOutbound();
        assertThat(pong.getUnsignedByte(0)).isEqualTo((short) 0x8A);
        assertThat(pong.getByte(6)).isEqualTo((byte) 'p');
        pong.release();
    }

    @Test
    void endsWhenItIsTold() {
        upgrade();

        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) 0x88, 0}));

        assertThat(subscriber.hasEnded()).isTrue();
    }
}
