package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.TestTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebSocketDrainTest {
    private final StuckChannel channel = new StuckChannel();
    private final Recorder recorder = new Recorder();
    private final Counters counters = new Counters();

    @AfterEach
    void stop() {
        channel.finishAndReleaseAll();
    }

    private WebSocket open() {
        channel.freezeTime();
        var upgrade = new ChannelInboundHandlerAdapter();
        channel.pipeline().addLast(new WebSocket13FrameEncoder(false), upgrade);
        Settings settings = WebSocketServer.builder(recorder).settings();
        var open = new OpenSocket(false, settings, recorder, counters, s -> {});
        return open.replace(channel.pipeline(), upgrade);
    }

    private static void offer(WebSocket socket, String text) {
        PreparedMessage message = PreparedMessage.text(ByteBufAllocator.DEFAULT, b -> b.writeCharSequence(text, UTF_8));
        assertThat(socket.offer(message)).isTrue();
        message.release();
    }

    private CompletableFuture<Void> drain(WebSocket socket) {
        CompletableFuture<Void> drained = socket.drainAsync();
        channel.runPendingTasks();
        return drained;
    }

    @Test
    void completesWhenWhatWasOfferedHasLeft() {
        WebSocket socket = open();
        offer(socket, "abc");
        offer(socket, "def");

        CompletableFuture<Void> drained = drain(socket);

        channel.take(9);
        assertThat(drained).isNotDone();
        channel.take(1);
        assertThat(drained).isCompleted();
    }

    @Test
    void doesNotWaitForWhatComesLater() {
        WebSocket socket = open();
        offer(socket, "abc");
        CompletableFuture<Void> drained = drain(socket);
        offer(socket, "def");
        socket.flush();

        channel.take(5);

        assertThat(drained).isCompleted();
        assertThat(socket.queuedBytes()).isEqualTo(5);
    }

    @Test
    void sendsNothingAndCountsNothing() {
        WebSocket socket = open();

        assertThat(drain(socket)).isCompleted();

        assertThat(channel.unsafe().outboundBuffer().isEmpty()).isTrue();
        assertThat(counters.messagesOut.sum()).isZero();
    }

    @Test
    void failsWhenTheConnectionEndsFirst() {
        WebSocket socket = open();
        offer(socket, "abc");
        CompletableFuture<Void> drained = drain(socket);
        channel.take(4);

        channel.close().syncUninterruptibly();
        channel.runPendingTasks();

        assertThat(drained)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(IOException.class)
                .withMessageContaining("connection dropped");
        assertThat(drain(socket)).isCompletedExceptionally();
    }

    @Test
    void endedConnectionIsDrainedIfNothingWasLost() {
        WebSocket socket = open();
        offer(socket, "abc");
        socket.flush();
        channel.take(5);
        channel.close().syncUninterruptibly();
        channel.runPendingTasks();

        assertThat(drain(socket)).isCompleted();
    }

    @Test
    void whatIsQueuedBehindTheEndOfTheChannelIsNotDrained() {
        WebSocket socket = open();
        offer(socket, "abc");
        socket.flush();
        channel.take(5);
        // the connection does not know it yet then
        channel.closeFuture().addListener(f -> offer(socket, "def"));
        channel.close().syncUninterruptibly();
        channel.runPendingTasks();

        assertThat(drain(socket)).isCompletedExceptionally();
    }

    @Test
    void blockingFormWaitsForTheKernelAlsoBehindTls() throws Exception {
        var serverSide = new Recorder();
        try (var server = WebSocketServer.builder(serverSide)
                        .tls(TestTls.server())
                        .start();
                var client = WebSocketClient.builder(server.uri(), recorder)
                        .tls(TestTls.client())
                        .connect()) {
            assertThat(client.isOpen()).isTrue();
            WebSocket socket = serverSide.socket();
            for (int i = 0; i < 100; i++) {
                offer(socket, "message " + i);
                socket.drain(Duration.ofSeconds(30));
                assertThat(socket.queuedBytes()).isZero();
                // no record of TLS goes out for these
                socket.drain(Duration.ofSeconds(30));
                assertThat(recorder.next("text")).isEqualTo("text message " + i);
            }
        }
    }

    @Test
    void blockingFormGivesUpAtItsDeadline() throws Exception {
        var serverSide = new Recorder();
        try (var server = WebSocketServer.builder(serverSide).start();
                var client = WebSocketClient.builder(server.uri(), recorder)
                        .maxMessageBytes(64 << 20)
                        .connect()) {
            client.pause();
            WebSocket socket = serverSide.socket();
            CompletableFuture<Void> sent = socket.sendAsync(ByteBuffer.allocate(64 << 20));

            assertThatThrownBy(() -> socket.drain(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);

            CompletableFuture<Void> drained = socket.drainAsync();
            client.resume();
            drained.get(30, TimeUnit.SECONDS);
            assertThat(sent).isCompleted();
        }
    }

    @Test
    void blockingFormIsRefusedOnTheEventLoop() throws Exception {
        try (var server = WebSocketServer.builder(new Recorder()).start();
                var client = WebSocketClient.builder(server.uri(), recorder).connect()) {
            var outcome = CompletableFuture.runAsync(
                    () -> {
                        try {
                            client.drain(Duration.ofSeconds(30));
                        } catch (Exception e) {
                            throw new IllegalStateException(e.getMessage(), e);
                        }
                    },
                    client.executor());

            assertThat(outcome)
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                    .withMessageContaining("drainAsync");
        }
    }
}
