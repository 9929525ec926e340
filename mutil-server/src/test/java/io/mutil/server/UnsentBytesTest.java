package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mutil.codec.Transport;
import io.mutil.testkit.Eventually;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnsentBytesTest {
    private static final int MESSAGE = 16 << 20;
    private static final int LIMIT = 16 << 10;

    /** A WebSocket connection whose peer does not read. */
    private record Unread(WebSocketServer server, Socket peer, WebSocket socket) implements AutoCloseable {
        static Unread open(WebSocketServer.Builder builder, Recorder recorder) throws Exception {
            WebSocketServer server = builder.pingInterval(Duration.ZERO)
                    .drainTimeout(Duration.ofMillis(1))
                    .start();
            var peer = new Socket();
            // so that it is the sender's buffer that is looked at
            peer.setReceiveBufferSize(8 << 10);
            peer.connect(server.address());
            peer.getOutputStream()
                    .write(RawClient.handshake("Host: localhost\r\n").getBytes(US_ASCII));
            return new Unread(server, peer, recorder.socket());
        }

        /** Bytes of a large message that the kernel has taken. */
        long taken() {
            return CompletableFuture.supplyAsync(
                            () -> {
                                ChannelOutboundBuffer buffer =
                                        socket.channel().unsafe().outboundBuffer();
                                return buffer == null || buffer.isEmpty() ? 0 : buffer.currentProgress();
                            },
                            socket.executor())
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
        }

        @Override
        public void close() throws IOException {
            peer.close();
            server.close();
        }
    }

    private static WebSocketServer.Builder server(Recorder recorder) {
        return WebSocketServer.builder(recorder);
    }

    @Test
    void kernelHoldsLittleForAPeerThatDoesNotRead() throws Exception {
        assumeTrue(Transport.best().name().equals("epoll"));
        var usual = new Recorder();
        var limited = new Recorder();
        try (var much = Unread.open(server(usual), usual);
                var little = Unread.open(server(limited).unsentBytes(LIMIT), limited)) {
            var unused = little.socket().sendAsync(ByteBuffer.allocate(MESSAGE));
            var unused2 = much.socket().sendAsync(ByteBuffer.allocate(MESSAGE));

            Eventually.until("the kernel takes a lot", () -> much.taken() > 1 << 20);
            assertThat(little.taken()).isPositive().isLessThan(256 << 10);
            assertThat(little.socket().queuedBytes()).isGreaterThan(MESSAGE);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void messagesArriveOnEveryTransport(Transport transport) throws Exception {
        var recorder = new Recorder();
        try (var server = server(new Echo())
                        .transport(transport)
                        .unsentBytes(LIMIT)
                        .start();
                var client = WebSocketClient.builder(server.uri(), recorder)
                        .transport(transport)
                        .unsentBytes(LIMIT)
                        .connect()) {
            client.send(ByteBuffer.allocate(4 << 20));

            assertThat(recorder.next("binary")).isEqualTo("binary " + (4 << 20));
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#all")
    void framesArriveEveryWay(Way way) throws Exception {
        try (Pair pair = Pair.of(way, builder -> builder.unsentBytes(LIMIT))) {
            pair.left().write(ByteBuffer.allocate(1 << 20));

            assertThat(pair.right().read()).isEqualTo(ByteBuffer.allocate(1 << 20));
            Way.clean(pair.server().endpoint());
        }
    }

    @Test
    void noBytesAreRefusedAtTheCall() {
        assertThatThrownBy(() -> server(new Recorder()).unsentBytes(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unsentBytes");
    }
}
