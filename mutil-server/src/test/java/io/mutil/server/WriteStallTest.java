package io.mutil.server;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WriteStallTest {
    private final StuckChannel channel = new StuckChannel();
    private final WriteStall stall = new WriteStall(Duration.ofSeconds(10), () -> this.stalls++);
    private int stalls;

    @BeforeEach
    void start() {
        channel.freezeTime();
        channel.pipeline().addFirst(stall);
    }

    @AfterEach
    void stop() {
        channel.finishAndReleaseAll();
    }

    private void write(int bytes) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[bytes])).addListener(f -> stall.written());
    }

    private int stallsAfter(int seconds) {
        for (int i = 0; i < 4 * seconds; i++) {
            channel.advanceTimeBy(250, MILLISECONDS);
            channel.runPendingTasks();
        }
        return stalls;
    }

    @Test
    void peerThatTakesNothingIsFound() {
        write(100);

        assertThat(stallsAfter(9)).isZero();
        assertThat(stallsAfter(1)).isEqualTo(1);
        assertThat(stallsAfter(60)).isEqualTo(1);
    }

    @Test
    void oneByteNowAndThenIsProgress() {
        write(100);
        for (int i = 0; i < 20; i++) {
            stallsAfter(7);
            channel.take(1);
        }
        assertThat(stalls).isZero();

        assertThat(stallsAfter(13)).isEqualTo(1);
    }

    @Test
    void equalMessagesThatLeaveAreProgress() {
        for (int i = 0; i < 20; i++) {
            write(100);
        }
        for (int i = 0; i < 19; i++) {
            stallsAfter(7);
            channel.take(100);
        }

        assertThat(stalls).isZero();
    }

    @Test
    void idleConnectionNeedsNoTimer() {
        write(100);
        channel.take(100);
        stallsAfter(10);

        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
        channel.advanceTimeBy(100, SECONDS);
        assertThat(stalls).isZero();
    }

    @Test
    void nothingPassesAfterTheEnd() {
        stall.finish();

        var late = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));

        assertThat(late.cause()).isInstanceOf(ClosedChannelException.class);
    }
}
