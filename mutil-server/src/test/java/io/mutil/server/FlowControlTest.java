package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.QueueFullException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens when one side does not read. */
class FlowControlTest {
    private static final int BOUND = 256 * 1024;
    private static final int MESSAGE = 16 * 1024;

    private final Recorder serverSide = new Recorder();
    private final Numbers clientSide = new Numbers();

    @SuppressWarnings("NullAway.Init")
    private WebSocketServer server;

    /** Counts the numbers that messages begin with, which must come in order. */
    private static class Numbers extends Recorder {
        final AtomicInteger received = new AtomicInteger();
        volatile CountDownLatch all = new CountDownLatch(0);

        @Override
        public void onMessage(WebSocket socket, boolean text, ByteBuf payload) {
            if (payload.readInt() != received.getAndIncrement()) {
                events.add("out of order");
            }
            all.countDown();
        }

        void await(int total) throws InterruptedException {
            all = new CountDownLatch(1);
            while (received.get() < total) {
                assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
                all = new CountDownLatch(1);
            }
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private WebSocketServer.Builder server() {
        return WebSocketServer.builder(serverSide)
                .outboundQueueBytes(BOUND)
                .pingInterval(Duration.ZERO)
                .drainTimeout(Duration.ofSeconds(30));
    }

    private static PreparedMessage number(int n) {
        return PreparedMessage.binary(
                ByteBufAllocator.DEFAULT, b -> b.writeInt(n).writeZero(MESSAGE - Integer.BYTES));
    }

    private static boolean offer(WebSocket socket, int n) {
        PreparedMessage message = number(n);
        try {
            boolean queued = socket.offer(message);
            socket.flush();
            assertThat(socket.queuedBytes()).isLessThanOrEqualTo(BOUND);
            return queued;
        } finally {
            message.release();
        }
    }

    /** Offers until nothing has been taken off the queue for a while; gives how many were queued. */
    private static int fill(WebSocket socket) throws Exception {
        int queued = 0;
        int refused = 0;
        while (refused < 20) {
            if (offer(socket, queued)) {
                queued++;
                refused = 0;
            } else {
                refused++;
                // a round trip through the loop lets it write what it can
                CompletableFuture.runAsync(() -> {}, socket.executor()).get(30, TimeUnit.SECONDS);
            }
        }
        return queued;
    }

    @Test
    void whatWasQueuedForAConnectionThatBreaksIsCountedAsLost() throws Exception {
        server = server().start();
        WebSocket socket;
        int queued;
        try (var client = RawClient.upgraded(server.uri().getPort())) {
            socket = serverSide.socket();
            queued = fill(socket);
            client.reset();
        }

        serverSide.next("close");

        assertThat(socket.lostMessages()).isPositive();
        assertThat(server.stats().messagesOut() + socket.lostMessages()).isEqualTo(queued);
    }

    @Test
    void slowReaderIsRefusedAndLosesNothingThatWasQueued() throws Exception {
        server = server().start();
        try (var client = WebSocketClient.builder(server.uri(), clientSide).connect()) {
            client.pause();
            WebSocket socket = serverSide.socket();
            int queued = fill(socket);

            assertThat(socket.isOpen()).isTrue();
            assertThat(socket.sendAsync(ByteBuffer.allocate(BOUND)))
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                    .withCauseInstanceOf(QueueFullException.class);
            assertThat(server.stats().rejectedMessages()).isPositive();
            assertThat(server.stats().queuedBytes()).isPositive();

            client.resume();
            clientSide.await(queued);
            assertThat(serverSide.next("writable")).isNotNull();
            assertThat(clientSide.events).doesNotContain("out of order");
            awaitEmpty(socket);
        }
    }

    /** The client has the last message a moment before the server's account says so. */
    private static void awaitEmpty(WebSocket socket) throws Exception {
        while (socket.queuedBytes() > 0) {
            CompletableFuture.runAsync(() -> {}, socket.executor()).get(30, TimeUnit.SECONDS);
        }
        assertThat(socket.isWritable()).isTrue();
    }

    @Test
    void slowReaderDoesNotHoldUpOthers() throws Exception {
        server = server().start();
        try (var slow = WebSocketClient.builder(server.uri(), clientSide).connect()) {
            slow.pause();
            WebSocket stuck = serverSide.socket();
            fill(stuck);
            var other = new Recorder();
            try (var fast = WebSocketClient.builder(server.uri(), other).connect()) {
                assertThat(fast.isOpen()).isTrue();
                serverSide.next("open");
                serverSide.next("open");
                for (WebSocket socket : server.connections()) {
                    var unused = socket.sendAsync("news");
                }

                assertThat(other.next("text")).isEqualTo("text news");
            }
            slow.resume();
        }
    }

    @Test
    void overflowMayCloseInstead() throws Exception {
        server = server().overflow(Overflow.CLOSE).start();
        try (var client = WebSocketClient.builder(server.uri(), clientSide).connect()) {
            client.pause();
            WebSocket socket = serverSide.socket();
            int queued = 0;
            while (offer(socket, queued)) {
                queued++;
            }

            assertThat(socket.isOpen()).isFalse();
            assertThat(socket.sendAsync("x")).isCompletedExceptionally();
            client.resume();
            assertThat(clientSide.next("close")).startsWith("close 1013");
            assertThat(clientSide.received).hasValue(queued);
            assertThat(server.stats().closedSlow()).isEqualTo(1);
        }
    }

    @Test
    void peerThatTakesNothingIsDropped() throws Exception {
        server = server().unwritableTimeout(Duration.ofMillis(50)).start();
        try (var client = WebSocketClient.builder(server.uri(), clientSide)
                .drainTimeout(Duration.ofMillis(50))
                .connect()) {
            client.pause();
            WebSocket socket = serverSide.socket();
            int queued = 0;
            while (socket.isOpen()) {
                queued += offer(socket, queued) ? 1 : 0;
            }

            assertThat(serverSide.next("close")).isEqualTo("close 1013 peer takes no bytes");
            assertThat(server.stats().closedSlow()).isEqualTo(1);
            assertThat(socket.queuedBytes()).isZero();
        }
    }

    @Test
    void pausedServerHoldsThePeerBackAndLosesNothing() throws Exception {
        var pausing = new Numbers() {
            @Override
            public void onMessage(WebSocket socket, boolean text, ByteBuf payload) {
                super.onMessage(socket, text, payload);
                if (received.get() == 1) {
                    socket.pause();
                    events.add("paused");
                }
            }
        };
        server = WebSocketServer.builder(pausing).start();
        try (var client = WebSocketClient.builder(server.uri(), clientSide)
                .outboundQueueBytes(BOUND)
                .connect()) {
            offer(client, 0);
            pausing.next("paused");
            int queued = 1;
            for (int refused = 0; refused < 20; ) {
                if (offer(client, queued)) {
                    queued++;
                } else {
                    refused++;
                    CompletableFuture.runAsync(() -> {}, client.executor()).get(30, TimeUnit.SECONDS);
                }
            }
            assertThat(pausing.received).hasValue(1);

            pausing.socket().resume();
            pausing.await(queued);
            assertThat(pausing.events).doesNotContain("out of order");
        }
    }

    @Test
    void blockingSendWaitsForRoom() throws Exception {
        server = server().start();
        try (var client = WebSocketClient.builder(server.uri(), clientSide).connect()) {
            client.pause();
            WebSocket socket = serverSide.socket();
            int queued = fill(socket);
            var sender = CompletableFuture.runAsync(() -> {
                try {
                    socket.send(ByteBuffer.allocate(MESSAGE).putInt(0, queued));
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });

            assertThat(sender).isNotDone();
            client.resume();
            clientSide.await(queued + 1);
            sender.get(30, TimeUnit.SECONDS);
            assertThat(clientSide.events).doesNotContain("out of order");
        }
    }

    @Test
    void blockedSenderIsWokenByTheClose() throws Exception {
        server = server().start();
        try (var client = WebSocketClient.builder(server.uri(), clientSide).connect()) {
            client.pause();
            WebSocket socket = serverSide.socket();
            fill(socket);
            var failure = CompletableFuture.supplyAsync(() -> catchSend(socket));
            var unused = socket.closeAsync(1000, "enough");
            client.resume();

            assertThat(failure.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("enough");
        }
    }

    private static Exception catchSend(WebSocket socket) {
        try {
            while (true) {
                socket.send(ByteBuffer.allocate(MESSAGE));
            }
        } catch (IOException | InterruptedException e) {
            return e;
        }
    }

    @Test
    void blockingSendIsRefusedOnTheEventLoop() throws Exception {
        server = server().start();
        try (var client = WebSocketClient.builder(server.uri(), clientSide).connect()) {
            assertThatThrownBy(() -> CompletableFuture.runAsync(
                                    () -> {
                                        try {
                                            client.send("x");
                                        } catch (IOException | InterruptedException e) {
                                            throw new AssertionError(e);
                                        }
                                    },
                                    client.executor())
                            .join())
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("sendAsync");
        }
    }
}
