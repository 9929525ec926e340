package io.mutil.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeartBeatTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int dead;

    private final class Pings implements HeartBeat.Signs {
        @Override
        public void beat(ChannelHandlerContext ctx, boolean heard, boolean said) {
            if (!heard) {
                var unused = ctx.writeAndFlush(new PingWebSocketFrame());
            }
        }

        @Override
        public void dead() {
            dead++;
        }
    }

    @BeforeEach
    void start() {
        channel.freezeTime();
        channel.pipeline().addFirst(new HeartBeat(Duration.ofSeconds(15), new Pings()));
    }

    @AfterEach
    void stop() {
        channel.finishAndReleaseAll();
    }

    private int pingsAfter(int seconds) {
        channel.advanceTimeBy(seconds, SECONDS);
        channel.runPendingTasks();
        int pings = 0;
        for (Object sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            assertThat(sent).isInstanceOf(PingWebSocketFrame.class);
            ReferenceCountUtil.release(sent);
            pings++;
        }
        return pings;
    }

    private void byteArrives() {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[1]));
        ReferenceCountUtil.release(channel.readInbound());
    }

    @Test
    void silentPeerIsDeadAfterTwoPings() {
        assertThat(pingsAfter(14)).isZero();
        assertThat(pingsAfter(1)).isEqualTo(1);
        assertThat(pingsAfter(15)).isEqualTo(1);
        assertThat(pingsAfter(14)).isZero();
        assertThat(dead).isZero();

        assertThat(pingsAfter(1)).isZero();
        assertThat(dead).isEqualTo(1);
        assertThat(pingsAfter(100)).isZero();
        assertThat(dead).isEqualTo(1);
    }

    @Test
    void anyByteIsLife() {
        for (int i = 0; i < 10; i++) {
            assertThat(pingsAfter(15)).isEqualTo(1);
            assertThat(pingsAfter(15)).isEqualTo(1);
            assertThat(pingsAfter(14)).isZero();
            byteArrives();
        }

        assertThat(dead).isZero();
    }

    @Test
    void silenceCountsFromTheLastByte() {
        assertThat(pingsAfter(8)).isZero();
        byteArrives();

        assertThat(pingsAfter(14)).isZero();
        assertThat(pingsAfter(1)).isEqualTo(1);
        assertThat(pingsAfter(15)).isEqualTo(1);
        assertThat(pingsAfter(14)).isZero();
        assertThat(dead).isZero();
        assertThat(pingsAfter(1)).isZero();
        assertThat(dead).isEqualTo(1);
    }

    @Test
    void lateEventLoopDoesNotTakeThePeerForDead() {
        assertThat(pingsAfter(100)).isEqualTo(1);
        byteArrives();

        assertThat(pingsAfter(14)).isZero();
        assertThat(dead).isZero();
    }

    @Test
    void pausedConnectionSurvives() {
        channel.config().setAutoRead(false);
        for (int i = 0; i < 10; i++) {
            assertThat(pingsAfter(15)).isZero();
        }
        pingsAfter(10);
        channel.config().setAutoRead(true);

        assertThat(pingsAfter(14)).isZero();
        assertThat(pingsAfter(1)).isEqualTo(1);
        assertThat(pingsAfter(15)).isEqualTo(1);
        assertThat(dead).isZero();
        pingsAfter(15);
        assertThat(dead).isEqualTo(1);
    }
}
