package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreparedMessageTest {
    private static PreparedMessage text(String text) {
        return PreparedMessage.text(ByteBufAllocator.DEFAULT, buffer -> buffer.writeCharSequence(text, UTF_8));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65535, 65536, 100_000})
    void bytesAreThoseOfAnOrdinaryFrame(int length) {
        byte[] payload = new byte[length];
        new java.util.Random(length).nextBytes(payload);
        PreparedMessage binary = PreparedMessage.binary(ByteBufAllocator.DEFAULT, b -> b.writeBytes(payload));
        PreparedMessage text = PreparedMessage.text(ByteBufAllocator.DEFAULT, b -> b.writeBytes(payload));

        assertThat(bytes(binary.retainedFrame()))
                .isEqualTo(encoded(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(payload))));
        assertThat(bytes(text.retainedFrame()))
                .isEqualTo(encoded(new TextWebSocketFrame(Unpooled.wrappedBuffer(payload))));
        assertThat(bytes(text.retainedPayload())).isEqualTo(payload);
        assertThat(text.payloadBytes()).isEqualTo(length);
        assertThat(binary.release()).isTrue();
        assertThat(text.release()).isTrue();
    }

    private static byte[] bytes(ByteBuf buffer) {
        try {
            return ByteBufUtil.getBytes(buffer);
        } finally {
            buffer.release();
        }
    }

    private static byte[] encoded(Object frame) {
        var channel = new EmbeddedChannel(new WebSocket13FrameEncoder(false));
        channel.writeOutbound(frame);
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        channel.finishAndReleaseAll();
        return bytes(all);
    }

    @Test
    void oneMessageGoesToManyConnectionsAndIsReleasedOnce() throws Exception {
        var recorders = new ArrayList<Recorder>();
        var clients = new ArrayList<WebSocket>();
        var serverSide = new Recorder();
        try (var server = WebSocketServer.builder(serverSide).start()) {
            for (int i = 0; i < 3; i++) {
                var recorder = new Recorder();
                recorders.add(recorder);
                clients.add(WebSocketClient.builder(server.uri(), recorder).connect());
                serverSide.next("open");
            }
            for (int n = 0; n < 100; n++) {
                PreparedMessage message = text("message " + n);
                var sent = new ArrayList<CompletableFuture<Void>>();
                for (WebSocket socket : server.connections()) {
                    assertThat(socket.offer(message)).isTrue();
                    sent.add(socket.sendAsync(message));
                }
                for (var each : sent) {
                    each.get(30, TimeUnit.SECONDS);
                }
                for (Recorder recorder : recorders) {
                    assertThat(recorder.next("text")).isEqualTo("text message " + n);
                    assertThat(recorder.next("text")).isEqualTo("text message " + n);
                }
                assertThat(message.refCnt()).isEqualTo(1);
                assertThat(message.release()).isTrue();
            }
            for (WebSocket socket : server.connections()) {
                assertThat(socket.queuedBytes()).isZero();
            }
            clients.forEach(WebSocket::close);
        }
    }

    @Test
    void exampleOfTheDocumentationWorks() throws Exception {
        var serverSide = new Recorder();
        var recorder = new Recorder();
        try (var server = WebSocketServer.builder(serverSide).start();
                var client = WebSocketClient.builder(server.uri(), recorder).connect()) {
            assertThat(client.isOpen()).isTrue();
            serverSide.next("open");
            PreparedMessage tick = PreparedMessage.text(
                    ByteBufAllocator.DEFAULT, buffer -> buffer.writeCharSequence("{\"price\":101.25}", UTF_8));
            try {
                for (WebSocket socket : server.connections()) {
                    socket.offer(tick);
                    socket.flush();
                }
            } finally {
                tick.release();
            }

            assertThat(recorder.next("text")).isEqualTo("text {\"price\":101.25}");
        }
    }

    @Test
    void clientMasksIt() throws Exception {
        var recorder = new Recorder();
        try (var server = WebSocketServer.builder(new Echo()).start();
                var client = WebSocketClient.builder(server.uri(), recorder).connect()) {
            PreparedMessage message = text("shared");
            client.sendAsync(message).get(30, TimeUnit.SECONDS);
            assertThat(client.offer(message)).isTrue();
            client.flush();

            assertThat(recorder.next("text")).isEqualTo("text shared");
            assertThat(recorder.next("text")).isEqualTo("text shared");
            assertThat(message.refCnt()).isEqualTo(1);
            message.release();
        }
    }

    @Test
    void closedConnectionTakesNoReference() throws Exception {
        var recorder = new Recorder();
        try (var server = WebSocketServer.builder(recorder).start();
                var client =
                        WebSocketClient.builder(server.uri(), new Recorder()).connect()) {
            WebSocket socket = recorder.socket();
            client.closeAsync(1000, "").get(30, TimeUnit.SECONDS);
            recorder.next("close");
            PreparedMessage message = text("late");

            assertThat(socket.offer(message)).isFalse();
            assertThat(socket.sendAsync(message)).isCompletedExceptionally();
            assertThat(message.refCnt()).isEqualTo(1);
            message.release();
        }
    }

    @Test
    void writerThatMovesTheStartIsRefused() {
        assertThatThrownBy(() -> PreparedMessage.text(ByteBufAllocator.DEFAULT, ByteBuf::clear))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
