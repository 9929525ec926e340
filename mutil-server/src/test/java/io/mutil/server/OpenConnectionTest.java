package io.mutil.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What depends on time or on a peer that takes nothing, without either. */
class OpenConnectionTest {
    private final StuckChannel channel = new StuckChannel();
    private final Recorder recorder = new Recorder();
    private final Counters counters = new Counters();
    private final Settings settings = WebSocketServer.builder(recorder)
            .drainTimeout(Duration.ofSeconds(7))
            .settings();

    @AfterEach
    void stop() {
        channel.finishAndReleaseAll();
    }

    private WebSocket open() {
        channel.freezeTime();
        var upgrade = new ChannelInboundHandlerAdapter();
        channel.pipeline().addLast(new WebSocket13FrameEncoder(false), upgrade);
        var open = new OpenSocket(false, settings, recorder, counters, socket -> {});
        WebSocket socket = open.replace(channel.pipeline(), upgrade);
        channel.runPendingTasks();
        return socket;
    }

    private void advance(int seconds) {
        channel.advanceTimeBy(seconds, SECONDS);
        channel.runPendingTasks();
    }

    private long pendingBytes() {
        return channel.unsafe().outboundBuffer().totalPendingWriteBytes();
    }

    @Test
    void peerThatPingsAndNeverReadsCannotMakeUsHoardAnswers() {
        open();
        for (int i = 0; i < 10_000; i++) {
            channel.writeInbound(new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[125])));
        }

        assertThat(pendingBytes()).isLessThan(1000);
        channel.take(127);
        assertThat(pendingBytes()).isBetween(127L, 1000L);
        channel.take(127);
        assertThat(pendingBytes()).isZero();
    }

    @Test
    void closeWithoutAnswerEndsAtTheDeadline() {
        WebSocket socket = open();
        var end = socket.closeAsync(1000, "");
        advance(6);
        assertThat(channel.isOpen()).isTrue();

        advance(1);

        assertThat(channel.isOpen()).isFalse();
        assertThat(end).isCompleted();
        assertThat(recorder.events).containsExactly("open", "close 1000");
    }

    @Test
    void deadPeerIsReported() {
        open();
        channel.take(1000);
        for (int i = 0; i < 3; i++) {
            assertThat(channel.isOpen()).isTrue();
            advance(15);
        }

        assertThat(channel.isOpen()).isFalse();
        assertThat(recorder.events).containsExactly("open", "close 1006 no byte from the peer, two pings unanswered");
        assertThat(counters.closedDead.sum()).isEqualTo(1);
    }

    @Test
    void stuckPeerIsReported() {
        WebSocket socket = open();
        var sent = socket.sendAsync("x");
        channel.runPendingTasks();
        assertThat(socket.queuedBytes()).isEqualTo(3);
        for (int i = 0; i < 40; i++) {
            channel.advanceTimeBy(250, java.util.concurrent.TimeUnit.MILLISECONDS);
            channel.runPendingTasks();
        }

        assertThat(channel.isOpen()).isFalse();
        assertThat(sent).isCompletedExceptionally();
        assertThat(socket.queuedBytes()).isZero();
        assertThat(recorder.events).containsExactly("open", "close 1013 peer takes no bytes");
        assertThat(counters.closedSlow.sum()).isEqualTo(1);
    }

    @Test
    void exceptionInTheListenerClosesWith1011() {
        var failing = new Recorder() {
            @Override
            public void onText(WebSocket socket, String text) {
                throw new IllegalStateException("planted by a test");
            }
        };
        channel.freezeTime();
        var upgrade = new ChannelInboundHandlerAdapter();
        channel.pipeline().addLast(upgrade);
        new OpenSocket(false, settings, failing, counters, socket -> {}).replace(channel.pipeline(), upgrade);

        channel.writeInbound(new TextWebSocketFrame("a"), new TextWebSocketFrame("b"));
        channel.runPendingTasks();

        assertThat(failing.events).containsExactly("open");
        var frame = (CloseWebSocketFrame) channel.unsafe().outboundBuffer().current();
        assertThat(frame.statusCode()).isEqualTo(1011);
        channel.close().syncUninterruptibly();
        assertThat(failing.events).containsExactly("open", "close 1011 listener failed");
    }

    @Test
    void handshakeHasADeadline() {
        var server = new EmbeddedChannel();
        server.freezeTime();
        server.pipeline()
                .addLast(
                        new HttpRequestDecoder(),
                        new HttpResponseEncoder(),
                        new Upgrade(
                                settings.link().handshakeTimeout(),
                                new UpgradeRules("/", new OriginPolicy(Set.of(), true)),
                                Inquiry.NONE,
                                () -> true,
                                counters.refused::increment,
                                () -> settings.newDecoder(true),
                                new OpenSocket(false, settings, recorder, counters, socket -> {})::replace));
        server.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\nUpgr", StandardCharsets.US_ASCII));
        server.advanceTimeBy(4, SECONDS);
        server.runPendingTasks();
        server.writeInbound(Unpooled.copiedBuffer("ade: websocket\r\n", StandardCharsets.US_ASCII));
        assertThat(server.isOpen()).isTrue();

        server.advanceTimeBy(1, SECONDS);
        server.runPendingTasks();

        assertThat(server.isOpen()).isFalse();
        assertThat(counters.refused.sum()).isEqualTo(1);
        assertThat(recorder.events).isEmpty();
        ReferenceCountUtil.release(server.readOutbound());
        server.finishAndReleaseAll();
    }
}
