package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeTest {
    private final Recorder recorder = new Recorder();
    private WebSocketServer server;

    @BeforeEach
    void start() throws Exception {
        server = WebSocketServer.builder(recorder).maxConnections(2).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String answer(String request) throws IOException {
        try (var client = new RawClient(server.port())) {
            return client.write(request).readStatus();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 426",
        "'GET /other HTTP/1.1\r\nHost: a\r\n\r\n', 404",
        "'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc', 426",
        "'HELO mail.example.com\r\n\r\n', 400",
        "'\u0016\u0003\u0001\u0002\r\n\r\n', 400",
    })
    void requestThatIsNoHandshakeGetsAnAnswer(String request, int status) throws Exception {
        assertThat(answer(request)).startsWith("HTTP/1.1 " + status);
        assertThat(recorder.events).isEmpty();
    }

    @Test
    void wrongVersionAndKeyAreRefused() throws Exception {
        String good = RawClient.handshake("Host: a\r\n");

        assertThat(answer(good.replace("Version: 13", "Version: 8"))).contains("426");
        assertThat(answer(good.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"))).contains("400");
        assertThat(answer(good.replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\nhello")))
                .contains("400");
    }

    @Test
    void tooLongHeadersAreRefused() throws Exception {
        assertThat(answer("GET / HTTP/1.1\r\nX: " + "y".repeat(9000) + "\r\n\r\n"))
                .contains("431");
        assertThat(answer("GET /" + "y".repeat(9000) + " HTTP/1.1\r\n\r\n")).contains("431");
    }

    @Test
    void connectionBeyondTheLimitGets503AndThePlaceIsGivenBack() throws Exception {
        try (var a = RawClient.upgraded(server.port())) {
            assertThat(a.isConnected()).isTrue();
            try (var b = RawClient.upgraded(server.port())) {
                assertThat(answer(RawClient.handshake("Host: a\r\n"))).contains("503");
                assertThat(server.stats().refused()).isEqualTo(1);
                b.frame(0x88, new byte[] {0x03, (byte) 0xE8});
                b.readCloseCode();
            }
            recorder.next("close");
            try (var c = eventuallyUpgraded()) {
                assertThat(c.text("still there")).isNotNull();
                assertThat(recorder.next("text")).isEqualTo("text still there");
            }
        }
    }

    /** The place is free when the channel has closed, a moment after the listener knows. */
    private RawClient eventuallyUpgraded() throws IOException {
        while (true) {
            var client = new RawClient(server.port()).write(RawClient.handshake("Host: a\r\n"));
            if (client.readHead().startsWith("HTTP/1.1 101 ")) {
                return client;
            }
            client.close();
        }
    }

    @Test
    void frameSentAlongWithTheHandshakeIsNotLost() throws Exception {
        try (var client = new RawClient(server.port())) {
            byte[] head = RawClient.handshake("Host: a\r\n").getBytes(US_ASCII);
            byte[] both = Arrays.copyOf(head, head.length + 7);
            both[head.length] = (byte) 0x81;
            both[head.length + 1] = (byte) 0x81;
            both[head.length + 6] = 'x';

            client.write(both);

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(recorder.next("text")).isEqualTo("text x");
            client.frame(0x88, new byte[0]).readFrame();
        }
    }

    @Test
    void serverCloseEndsHalfDoneHandshakes() throws Exception {
        try (var client = new RawClient(server.port()).write("GET / HT");
                var open = RawClient.upgraded(server.port())) {
            var end = server.closeAsync();

            assertThat(client.isAtEnd()).isTrue();
            assertThat(open.readCloseCode()).isEqualTo(1001);
            open.frame(0x88, new byte[] {0x03, (byte) 0xE9});
            end.get(30, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    @Test
    void portInUseSaysWhichAndWhatToDo() {
        assertThatThrownBy(() ->
                        WebSocketServer.builder(recorder).port(server.port()).start())
                .isInstanceOf(BindException.class)
                .hasMessageContaining("127.0.0.1:" + server.port())
                .hasMessageContaining("choose another");
    }

    @Test
    void clientTellsWhyItCannotConnect() throws Exception {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        URI nobody = URI.create("ws://127.0.0.1:" + free + "/a?key=secret");

        assertThatThrownBy(() -> WebSocketClient.builder(nobody, recorder).connect())
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("ws://127.0.0.1:" + free + "/a")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> WebSocketClient.builder(server.uri().resolve("/other"), recorder)
                        .connect())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("404");
    }

    @Test
    void badChoicesAreRefusedAtTheCall() {
        var builder = WebSocketServer.builder(recorder);

        assertThatThrownBy(() -> builder.path("feed")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.path("/feed?a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.path("/fe ed")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.port(65536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxMessageBytes(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.drainTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.pingInterval(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void clientGivesUpOnASilentServer() throws Exception {
        try (var silent = new ServerSocket(0)) {
            var builder = WebSocketClient.builder(URI.create("ws://127.0.0.1:" + silent.getLocalPort()), recorder)
                    .handshakeTimeout(Duration.ofMillis(20));

            assertThatThrownBy(builder::connect).isInstanceOf(IOException.class).hasMessageContaining("within PT0.02S");
        }
    }

    @Test
    void cancelledAttemptEndsItsConnection() throws Exception {
        try (var silent = new ServerSocket(0)) {
            var attempt = WebSocketClient.builder(URI.create("ws://127.0.0.1:" + silent.getLocalPort()), recorder)
                    .connectAsync();
            try (var accepted = silent.accept()) {
                attempt.cancel(false);

                accepted.setSoTimeout(30_000);
                accepted.getInputStream().readAllBytes();
            }
        }
        assertThat(recorder.events).isEmpty();
    }

    @Test
    void clientRefusesUrisItCannotConnectTo() {
        assertThatThrownBy(() -> WebSocketClient.builder(URI.create("http://a/"), recorder))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebSocketClient.builder(URI.create("ws://u:secret@a/"), recorder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void clientSendsItsOriginAndHeaders() throws Exception {
        try (var server = new ServerSocket(0)) {
            var attempt = WebSocketClient.builder(URI.create("ws://127.0.0.1:" + server.getLocalPort()), recorder)
                    .origin("https://app.example.com")
                    .header("Authorization", "Bearer x")
                    .connectAsync();
            try (var accepted = server.accept()) {
                var head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) accepted.getInputStream().read());
                }
                assertThat(head.toString().toLowerCase(java.util.Locale.ROOT))
                        .contains("origin: https://app.example.com\r\n", "authorization: bearer x\r\n", "get / http");
                attempt.cancel(false);
            }
        }
    }
}
