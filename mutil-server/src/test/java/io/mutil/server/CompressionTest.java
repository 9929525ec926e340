package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
    private static final int MAX = 1 << 20;

    private final Echo echo = new Echo();
    private final Recorder recorder = new Recorder();
    private WebSocketServer server;

    @BeforeEach
    void start() throws Exception {
        server = WebSocketServer.builder(echo)
                .compression(true)
                .maxMessageBytes(MAX)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private WebSocket connect() throws Exception {
        return WebSocketClient.builder(server.uri(), recorder)
                .compression(true)
                .outboundQueueBytes(64 << 20)
                .connect();
    }

    @Test
    void isNegotiatedIfBothWant() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.write(RawClient.handshake("Sec-WebSocket-Extensions: permessage-deflate\r\n"));

            assertThat(client.readHead()).containsIgnoringCase("sec-websocket-extensions: permessage-deflate");
        }
    }

    @Test
    void messagesComeBack() throws Exception {
        try (WebSocket client = connect()) {
            String text = "the same words again and again, ".repeat(1000);
            for (int i = 0; i < 3; i++) {
                client.send(text);
                client.send("");
                assertThat(recorder.next("text")).isEqualTo("text " + text);
                assertThat(recorder.next("text")).isEqualTo("text ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX - 1, MAX})
    void messageUpToTheLimitPasses(int length) throws Exception {
        byte[] noise = new byte[length];
        new java.util.Random(1).nextBytes(noise);
        try (WebSocket client = connect()) {
            client.send(ByteBuffer.wrap(noise));
            assertThat(recorder.next("binary")).isEqualTo("binary " + length);
            client.send(ByteBuffer.allocate(length));
            assertThat(recorder.next("binary")).isEqualTo("binary " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX + 1, MAX + 5000, 2 * MAX, 60 << 20})
    void bombIsRefused(int length) throws Exception {
        try (WebSocket client = connect()) {
            var unused = client.sendAsync(ByteBuffer.allocate(length));

            assertThat(recorder.next("close")).startsWith("close 1009");
            assertThat(echo.next("close")).isEqualTo("close 1009 message exceeds maxMessageBytes " + MAX);
            assertThat(server.stats().messagesIn()).isZero();
        }
    }

    @Test
    void sharedMessageMayBeMixedWithCompressedOnes() throws Exception {
        try (WebSocket client = connect()) {
            assertThat(client.isOpen()).isTrue();
            WebSocket socket = echo.socket();
            PreparedMessage shared = PreparedMessage.text(
                    ByteBufAllocator.DEFAULT,
                    b -> b.writeCharSequence("shared", java.nio.charset.StandardCharsets.UTF_8));
            for (int i = 0; i < 3; i++) {
                socket.sendAsync("own own own own own own").get(30, TimeUnit.SECONDS);
                socket.sendAsync(shared).get(30, TimeUnit.SECONDS);
            }
            shared.release();
            for (int i = 0; i < 3; i++) {
                assertThat(recorder.next("text")).isEqualTo("text own own own own own own");
                assertThat(recorder.next("text")).isEqualTo("text shared");
            }
            assertThat(socket.queuedBytes()).isZero();
        }
    }

    @Test
    void compressedFrameWithoutNegotiationIsAnError() throws Exception {
        try (var client = RawClient.upgraded(server.port())) {
            client.write(HexFormat.of().parseHex("c18000000000"));

            assertThat(client.readCloseCode()).isEqualTo(1002);
        }
    }

    @Test
    void brokenCompressedDataIsAnError() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.write(RawClient.handshake("Sec-WebSocket-Extensions: permessage-deflate\r\n"));
            client.readHead();
            client.write(HexFormat.of().parseHex("c18400000000ffffffff"));

            assertThat(client.readCloseCode()).isEqualTo(1007);
        }
        assertThat(echo.next("close")).isEqualTo("close 1007 compressed data is broken");
    }
}
