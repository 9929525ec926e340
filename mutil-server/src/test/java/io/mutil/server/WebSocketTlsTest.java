package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Eventually;
import io.mutil.testkit.TestTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebSocketTlsTest {
    private final Recorder recorder = new Recorder();

    private static WebSocketServer.Builder echo() {
        return WebSocketServer.builder(new Echo()).tls(TestTls.server());
    }

    private WebSocketClient.Builder client(WebSocketServer server) {
        return WebSocketClient.builder(server.uri(), recorder).tls(TestTls.client());
    }

    private static HttpClient jdkClient() {
        return HttpClient.newBuilder()
                .sslContext(((JdkSslContext) TestTls.client()).context())
                .build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyKindOfMessageComesBack(boolean compression) throws Exception {
        try (WebSocketServer server =
                        echo().compression(compression).path("/echo").start();
                WebSocket socket = client(server).compression(compression).connect()) {
            assertThat(server.uri()).hasScheme("wss").hasPath("/echo").hasPort(server.port());
            assertThat(socket.channel().pipeline().get(SslHandler.class)).isNotNull();
            recorder.next("open");
            socket.send("grüße");
            assertThat(recorder.next()).isEqualTo("text grüße");
            socket.send(ByteBuffer.allocate(1 << 20));
            assertThat(recorder.next("binary")).isEqualTo("binary 1048576");
            offer(socket, prepared("shared"));
            assertThat(recorder.next("text")).isEqualTo("text shared");

            socket.closeAsync(4242, "done").get(30, TimeUnit.SECONDS);
            assertThat(recorder.next("close")).isEqualTo("close 4242 done");
        }
    }

    private static PreparedMessage prepared(String text) {
        return PreparedMessage.text(ByteBufAllocator.DEFAULT, bytes -> bytes.writeCharSequence(text, UTF_8));
    }

    private static void offer(WebSocket socket, PreparedMessage message) {
        assertThat(socket.offer(message)).isTrue();
        socket.flush();
        message.release();
    }

    /** Frames that are encoded once enter the pipeline elsewhere. */
    @Test
    void whatTheServerSharesIsEncryptedToo() throws Exception {
        var welcoming = new Recorder() {
            @Override
            public void onOpen(WebSocket socket) {
                WebSocketTlsTest.offer(socket, prepared("welcome"));
            }
        };
        try (WebSocketServer server =
                        WebSocketServer.builder(welcoming).tls(TestTls.server()).start();
                WebSocket socket = client(server).connect()) {
            assertThat(recorder.next("text")).isEqualTo("text welcome");
            socket.closeAsync(1000, "").get(30, TimeUnit.SECONDS);
            assertThat(welcoming.next("close")).isEqualTo("close 1000");
        }
    }

    /** TLS gathers what follows in the room behind a buffer, which is not this connection's if the buffer is shared. */
    @Test
    void sharedMessageKeepsToItself() {
        PreparedMessage message = prepared("shared");
        ByteBuf frame = message.retainedFrame();

        assertThat(frame.maxWritableBytes()).isZero();

        frame.release();
        message.release();
    }

    @Test
    void jdkClientIsServed() throws Exception {
        try (WebSocketServer server = echo().start()) {
            var got = new CompletableFuture<String>();
            var closed = new CompletableFuture<Integer>();
            java.net.http.WebSocket socket = jdkClient()
                    .newWebSocketBuilder()
                    .buildAsync(server.uri(), new java.net.http.WebSocket.Listener() {
                        @Override
                        public @Nullable CompletionStage<?> onText(
                                java.net.http.WebSocket from, CharSequence text, boolean last) {
                            got.complete(text.toString());
                            from.request(1);
                            return null;
                        }

                        @Override
                        public @Nullable CompletionStage<?> onClose(
                                java.net.http.WebSocket from, int code, String reason) {
                            closed.complete(code);
                            return null;
                        }
                    })
                    .get(30, TimeUnit.SECONDS);
            socket.sendText("hello", true).get(30, TimeUnit.SECONDS);
            assertThat(got.get(30, TimeUnit.SECONDS)).isEqualTo("hello");

            for (WebSocket connection : server.connections()) {
                var unused = connection.closeAsync(4000, "enough");
            }
            assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(4000);
        }
    }

    @Test
    void resourceIsServedWithAnOrderlyEnd() throws Exception {
        try (WebSocketServer server = echo().path("/live")
                .resource("/", "text/plain", "page".getBytes(US_ASCII))
                .start()) {
            URI page = URI.create("https://127.0.0.1:" + server.port() + "/");

            HttpResponse<String> answer =
                    jdkClient().send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("page");
        }
    }

    @Test
    void serverThatNobodyVouchesForIsNotTrusted() throws Exception {
        try (WebSocketServer server = echo().start()) {
            assertThatThrownBy(
                            () -> client(server).tls(TestTls.clientOfOthers()).connect())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("wss://127.0.0.1:" + server.port())
                    .hasMessageContaining("no TLS: ");
            assertThatThrownBy(() ->
                            WebSocketClient.builder(server.uri(), recorder).connect())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no TLS: ");
            Eventually.until("counted", () -> server.stats().refused() == 2);
        }
    }

    @Test
    void certificateHasToBeForTheHost() throws Exception {
        try (WebSocketServer server = echo().host("127.0.0.2").start()) {
            assertThatThrownBy(() -> client(server).connect()).hasMessageContaining("no TLS: ");

            client(server).verifyHost(false).connect().close();
        }
    }

    @Test
    void clientMayBeAskedForItsCertificate() throws Exception {
        try (WebSocketServer server = WebSocketServer.builder(new Echo())
                .tls(TestTls.serverThatAsksClients())
                .start()) {
            client(server).tls(TestTls.clientWithCertificate()).connect().close();

            assertThatThrownBy(() -> client(server).connect()).isInstanceOf(IOException.class);
            Eventually.until("counted", () -> server.stats().refused() == 1);
        }
    }

    @Test
    void plainClientAtATlsPortIsClosedAtOnceAndCounted() throws Exception {
        try (WebSocketServer server =
                        echo().handshakeTimeout(Duration.ofMinutes(5)).start();
                Socket stray = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            stray.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));

            stray.getInputStream().readAllBytes();
            Eventually.until("counted", () -> server.stats().refused() == 1);
        }
    }

    @Test
    void tlsClientAtAPlainPortIsTold() throws Exception {
        try (WebSocketServer server = WebSocketServer.builder(new Echo()).start()) {
            URI secure = URI.create("wss://127.0.0.1:" + server.port() + "/");

            assertThatThrownBy(() -> WebSocketClient.builder(secure, recorder)
                            .tls(TestTls.client())
                            .handshakeTimeout(Duration.ofSeconds(30))
                            .connect())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot connect to wss://127.0.0.1")
                    .hasMessageContaining("an HTTP server and does not speak TLS")
                    // what the peer has sent, in hex
                    .hasMessageNotContaining("48545450");
        }
    }

    @Test
    void silentPeerDoesNotKeepItsPlace() throws Exception {
        try (WebSocketServer server =
                        echo().handshakeTimeout(Duration.ofMillis(100)).start();
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            Eventually.until("counted", () -> server.stats().refused() == 1);
        }
    }

    @Test
    void peerThatTakesNothingIsCutOff() throws Exception {
        try (WebSocketServer server = WebSocketServer.builder(recorder)
                        .tls(TestTls.server())
                        .unwritableTimeout(Duration.ofMillis(200))
                        .outboundQueueBytes(64 << 20)
                        .start();
                WebSocket deaf = WebSocketClient.builder(server.uri(), new Recorder())
                        .tls(TestTls.client())
                        .connect()) {
            deaf.pause();
            WebSocket sender = recorder.socket();
            var unused = sender.sendAsync(ByteBuffer.allocate(32 << 20));

            assertThat(recorder.next("close")).contains("peer takes no bytes");
            Eventually.until("counted", () -> server.stats().closedSlow() == 1);
        }
    }

    /** As Python's asyncio does: it waits for our answer with the socket open. */
    @Test
    void peerThatOnlySaysGoodbyeInTlsHasEnded() throws Exception {
        try (WebSocketServer server = WebSocketServer.builder(recorder)
                        .tls(TestTls.server())
                        .pingInterval(Duration.ZERO)
                        .start();
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            Socket tls = ((JdkSslContext) TestTls.client())
                    .context()
                    .getSocketFactory()
                    .createSocket(plain, "127.0.0.1", server.port(), false);
            tls.getOutputStream().write("""
                            GET / HTTP/1.1
                            Host: a
                            Upgrade: websocket
                            Connection: Upgrade
                            Sec-WebSocket-Version: 13
                            Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==

                            """.replace("\n", "\r\n").getBytes(UTF_8));
            recorder.socket();

            tls.close();

            assertThat(plain.isClosed()).isFalse();
            assertThat(recorder.next("close")).startsWith("close 1006");
        }
    }

    @Test
    void whatTlsHasNotEncryptedIsCountedAsLost() throws Exception {
        var lost = new CompletableFuture<Long>();
        var dropping = new Recorder() {
            @Override
            public void onOpen(WebSocket socket) {
                for (int i = 0; i < 3; i++) {
                    PreparedMessage message = prepared("never flushed");
                    assertThat(socket.offer(message)).isTrue();
                    message.release();
                }
                socket.dropDead();
            }

            @Override
            public void onClose(WebSocket socket, CloseReason reason) {
                lost.complete(socket.lostMessages());
            }
        };
        try (WebSocketServer server =
                        WebSocketServer.builder(dropping).tls(TestTls.server()).start();
                WebSocket client = client(server).connect()) {
            assertThat(lost.get(30, TimeUnit.SECONDS)).isEqualTo(3);
            assertThat(client.closed().get(30, TimeUnit.SECONDS).code()).isEqualTo(CloseReason.ABNORMAL);
        }
    }

    @Test
    void choicesThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> echo().tls(TestTls.client()).start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("forServer");
        var plain = WebSocketClient.builder(URI.create("ws://127.0.0.1:1/"), recorder);
        assertThatThrownBy(() -> plain.tls(TestTls.client()).start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("connect to wss");
        var secure = WebSocketClient.builder(URI.create("wss://127.0.0.1:1/"), recorder);
        assertThatThrownBy(() -> secure.tls(TestTls.server()).connectAsync())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("forClient");
    }
}
