package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Transport;
import io.mutil.testkit.Eventually;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CloseTest {
    private final Echo serverSide = new Echo();
    private final Recorder clientSide = new Recorder();
    private WebSocketServer server;

    @BeforeEach
    void start() throws Exception {
        server = WebSocketServer.builder(serverSide).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private WebSocket connect() throws Exception {
        return WebSocketClient.builder(server.uri(), clientSide).connect();
    }

    @Test
    void clientClosesWithItsCode() throws Exception {
        WebSocket client = connect();
        client.closeAsync(4242, "done").get(30, TimeUnit.SECONDS);

        assertThat(serverSide.next("close")).isEqualTo("close 4242 done");
        assertThat(clientSide.next("close")).isEqualTo("close 4242 done");
        assertThat(client.closed().get(30, TimeUnit.SECONDS)).isEqualTo(new CloseReason(4242, "done"));
        assertThat(client.isOpen()).isFalse();
        assertThat(client.isWritable()).isFalse();
    }

    @Test
    void serverClosesWithItsCode() throws Exception {
        try (WebSocket client = connect()) {
            serverSide.socket().closeAsync(4243, "bye").get(30, TimeUnit.SECONDS);

            assertThat(clientSide.next("close")).isEqualTo("close 4243 bye");
            assertThat(serverSide.next("close")).isEqualTo("close 4243 bye");
            assertThat(client.closed().get(30, TimeUnit.SECONDS).code()).isEqualTo(4243);
        }
    }

    @Test
    void pausedSidesCloseToo() throws Exception {
        WebSocket client = connect();
        client.pause();
        serverSide.socket().pause();

        var end = client.closeAsync(1000, "");
        serverSide.socket().close();
        end.get(30, TimeUnit.SECONDS);

        assertThat(clientSide.next("close")).isEqualTo("close 1000");
        server.close();
        assertThat(server.connections()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void whatCameBeforeTheEndIsReadAfterAPause(Transport transport) throws Exception {
        var pausing = new Recorder() {
            @Override
            public void onOpen(WebSocket socket) {
                socket.pause();
                super.onOpen(socket);
            }
        };
        try (var other = WebSocketServer.builder(pausing).transport(transport).start()) {
            String longText = "0123456789".repeat(1000);
            WebSocket socket;
            try (RawClient peer = RawClient.upgraded(other.port())) {
                socket = pausing.socket();
                peer.text("first").text(longText).text("last").frame(0x88, new byte[] {0x0F, (byte) 0xA1});
            }
            Channel channel = socket.channel();
            if (transport.name().equals("epoll")) {
                // the others do not look during a pause
                Eventually.until("the end has come", () -> ((DuplexChannel) channel).isInputShutdown());
            }
            assertThat(pausing.next()).isEqualTo("open");
            assertThat(pausing.events).isEmpty();

            socket.resume();

            assertThat(pausing.next()).isEqualTo("text first");
            assertThat(pausing.next()).isEqualTo("text " + longText);
            assertThat(pausing.next()).isEqualTo("text last");
            assertThat(pausing.next()).isEqualTo("close 4001");
        }
    }

    @Test
    void closingTwiceIsFine() throws Exception {
        WebSocket client = connect();
        client.close();
        client.close();
        client.closeAsync(4000, "again").get(30, TimeUnit.SECONDS);
        server.close();
        server.close();
        server.closeAsync().get(30, TimeUnit.SECONDS);

        assertThat(clientSide.next("close")).isEqualTo("close 1000");
        assertThat(clientSide.events).isEmpty();
    }

    @Test
    void pausingMeansNothingWhenTheEventLoopHasEnded() throws Exception {
        WebSocket client = connect();
        client.close();
        Eventually.until(
                "the loop has ended", () -> client.channel().eventLoop().isTerminated());

        client.pause();
        client.resume();

        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void codeThatMayNotBeSentIsRefusedAtTheCall() throws Exception {
        try (WebSocket client = connect()) {
            assertThatThrownBy(() -> client.closeAsync(1006, "")).isInstanceOf(IllegalArgumentException.class);
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void serverCloseDeliversWhatIsQueued() throws Exception {
        var bytes = new AtomicLong();
        var counting = new Recorder() {
            @Override
            public void onMessage(WebSocket socket, boolean text, ByteBuf payload) {
                bytes.addAndGet(payload.readableBytes());
            }
        };
        try (WebSocket client = WebSocketClient.builder(server.uri(), counting).connect()) {
            WebSocket socket = serverSide.socket();
            var sent = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < 100; i++) {
                sent.add(socket.sendAsync(ByteBuffer.allocate(10_000)));
            }
            server.close();

            assertThat(counting.next("close")).isEqualTo("close 1001 server shuts down");
            assertThat(bytes).hasValue(1_000_000);
            assertThat(sent).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void serverEndsItsThreads() throws Exception {
        try (WebSocket client = connect()) {
            var thread = new CompletableFuture<Thread>();
            serverSide.socket().executor().execute(() -> thread.complete(Thread.currentThread()));
            Thread loop = thread.get(30, TimeUnit.SECONDS);
            assertThat(loop.getName()).startsWith("mutil-server-");
            assertThat(loop.isDaemon()).isTrue();

            server.close();

            loop.join(30_000);
            assertThat(loop.isAlive()).isFalse();
            assertThat(client.closed().get(30, TimeUnit.SECONDS).code()).isEqualTo(1001);
        }
    }

    @Test
    void closeWhileManySendSettlesEveryMessage() throws Exception {
        var firstMessage = new CountDownLatch(1);
        WebSocketListener sink = new WebSocketListener() {
            @Override
            public void onText(WebSocket socket, String text) {
                firstMessage.countDown();
            }
        };
        try (var own = WebSocketServer.builder(sink).start()) {
            WebSocket client = WebSocketClient.builder(own.uri(), clientSide)
                    .outboundQueueBytes(1024)
                    .connect();
            var senders = new ArrayList<CompletableFuture<Integer>>();
            for (int i = 0; i < 3; i++) {
                senders.add(CompletableFuture.supplyAsync(() -> sendUntilClosed(client)));
            }
            assertThat(firstMessage.await(30, TimeUnit.SECONDS)).isTrue();
            client.close();

            for (var sender : senders) {
                assertThat(sender.get(30, TimeUnit.SECONDS)).isNotNegative();
            }
            assertThat(client.queuedBytes()).isZero();
            assertThat(clientSide.next("close")).isEqualTo("close 1000");
        }
    }

    private static int sendUntilClosed(WebSocket socket) {
        var sent = new ArrayList<CompletableFuture<Void>>();
        while (socket.isOpen()) {
            sent.add(socket.sendAsync("some text"));
        }
        int delivered = 0;
        for (var each : sent) {
            delivered += each.handle((v, e) -> e == null ? 1 : 0).join();
        }
        return delivered;
    }

    @Test
    void listenerMayCloseEverythingFromItsCalls() throws Exception {
        var closing = new Recorder() {
            @Override
            public void onText(WebSocket socket, String text) {
                socket.close();
                server.close();
            }
        };
        try (var own = WebSocketServer.builder(closing).start();
                WebSocket client =
                        WebSocketClient.builder(own.uri(), clientSide).connect()) {
            client.send("now");

            assertThat(clientSide.next("close")).isEqualTo("close 1000");
        }
    }
}
