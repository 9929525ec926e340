package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Transport;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EchoTest {
    private final Echo echo = new Echo();
    private final Recorder recorder = new Recorder();
    private WebSocketServer server;

    @BeforeEach
    void start() throws Exception {
        server = WebSocketServer.builder(echo).maxMessageBytes(1 << 20).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private WebSocket connect() throws Exception {
        WebSocket socket = WebSocketClient.builder(server.uri(), recorder).connect();
        assertThat(recorder.next()).isEqualTo("open");
        return socket;
    }

    @Test
    void exampleOfTheDocumentationWorks() throws Exception {
        var printed = new CompletableFuture<String>();
        WebSocketListener printer = new WebSocketListener() {
            @Override
            public void onText(WebSocket socket, String text) {
                printed.complete(text);
            }
        };
        WebSocketListener echo = new WebSocketListener() {
            @Override
            public void onText(WebSocket socket, String text) {
                var unused = socket.sendAsync(text);
            }
        };
        try (WebSocketServer server = WebSocketServer.builder(echo).start();
                WebSocket client =
                        WebSocketClient.builder(server.uri(), printer).connect()) {
            client.send("hello");

            assertThat(printed.get(30, java.util.concurrent.TimeUnit.SECONDS)).isEqualTo("hello");
        }
    }

    @Test
    void textComesBack() throws Exception {
        try (WebSocket socket = connect()) {
            socket.send("grüße \uD83D\uDE00");
            socket.send("");

            assertThat(recorder.next()).isEqualTo("text grüße \uD83D\uDE00");
            assertThat(recorder.next()).isEqualTo("text ");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 1023, 1025, 65535, 65536, (1 << 20) - 1, 1 << 20})
    void binaryOfAnyLengthComesBack(int length) throws Exception {
        try (WebSocket socket = connect()) {
            socket.send(ByteBuffer.allocate(length));

            assertThat(recorder.next()).isEqualTo("binary " + length);
        }
    }

    @Test
    void messageAboveTheLimitClosesWith1009() throws Exception {
        try (WebSocket socket = connect()) {
            var unused = socket.sendAsync(ByteBuffer.allocate((1 << 20) + 1));

            assertThat(recorder.next()).startsWith("close 1009");
            assertThat(echo.next("close")).startsWith("close 1009 message exceeds maxMessageBytes 1048576");
        }
    }

    @Test
    void callersBufferIsNotMoved() throws Exception {
        try (WebSocket socket = connect()) {
            ByteBuffer bytes =
                    ByteBuffer.wrap("abcdef".getBytes(StandardCharsets.UTF_8)).position(2);

            socket.send(bytes);

            assertThat(recorder.next()).isEqualTo("binary 4");
            assertThat(bytes.position()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void everyTransportWorks(Transport transport) throws Exception {
        try (var server = WebSocketServer.builder(echo).transport(transport).start();
                var socket = WebSocketClient.builder(server.uri(), recorder)
                        .transport(transport)
                        .connect()) {
            socket.send("x");

            assertThat(recorder.next("text")).isEqualTo("text x");
        }
    }

    @Test
    void countersTellWhatHappened() throws Exception {
        WebSocket socket = connect();
        socket.send("abc");
        recorder.next("text");

        assertThat(server.stats().connections()).isEqualTo(1);
        assertThat(server.connections()).hasSize(1);
        socket.close();
        echo.next("close");
        server.close();

        var stats = server.stats();
        assertThat(stats).isEqualTo(new WebSocketServer.Stats(0, 1, 0, 1, 1, 3, 3, 0, 0, 0, 0));
    }

    @Test
    void loopsOfTheCallerAreNotEnded() throws Exception {
        var loops = Transport.nio().newEventLoopGroup(1, r -> new Thread(r, "mine"));
        try (var server = WebSocketServer.builder(echo)
                        .transport(Transport.nio())
                        .eventLoops(loops)
                        .start();
                var socket = WebSocketClient.builder(server.uri(), recorder)
                        .transport(Transport.nio())
                        .eventLoops(loops)
                        .connect()) {
            socket.send("x");
            recorder.next("text");
        }

        assertThat(loops.isShuttingDown()).isFalse();
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).sync();
    }

    @Test
    void pathMustMatchAndMayHaveAQuery() throws Exception {
        try (var server = WebSocketServer.builder(echo).path("/feed").start()) {
            assertThat(server.uri().getPath()).isEqualTo("/feed");
            try (var socket = WebSocketClient.builder(URI.create(server.uri() + "?a=b"), recorder)
                    .connect()) {
                assertThat(socket.isOpen()).isTrue();
            }
            URI elsewhere = server.uri().resolve("/other");
            assertThatThrownBy(() -> WebSocketClient.builder(URI.create(elsewhere + "?a=b"), recorder)
                            .connect())
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot connect to " + elsewhere
                            + ": the server answered 404 Not Found to the handshake; check path and origin");
        }
    }
}
