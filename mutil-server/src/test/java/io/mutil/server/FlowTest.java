package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.QueueFullException;
import io.mutil.codec.Transport;
import io.mutil.codec.TruncatedFrameException;
import io.mutil.testkit.Eventually;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What happens when one side does not read, or is suddenly gone. */
@Timeout(120)
class FlowTest {
    private static final int BOUND = 256 << 10;
    private static final int FRAME = 16 << 10;

    private static ByteBuffer number(int n) {
        return ByteBuffer.allocate(FRAME).putInt(0, n);
    }

    private static Pair open(Way way, Handshake handshake) throws Exception {
        return Pair.of(way, handshake, BOUND);
    }

    /** Writes until the queue stays full, as the peer has read what it will; gives how many frames were taken. */
    static int fill(Connection connection, Connection peer) throws Exception {
        int queued = 0;
        for (int refused = 0; refused < 50; ) {
            CompletableFuture<Void> sent = connection.writeAsync(number(queued));
            if (sent.isCompletedExceptionally()) {
                refused++;
                // round trips through the loops let one write and the other read what it can
                passThrough(connection);
                passThrough(peer);
            } else {
                queued++;
                refused = 0;
            }
            assertThat(connection.stats().queuedBytes()).isLessThanOrEqualTo(BOUND);
        }
        return queued;
    }

    private static void passThrough(Connection connection) throws Exception {
        CompletableFuture.runAsync(() -> {}, connection.channel().eventLoop()).get(30, TimeUnit.SECONDS);
    }

    private static void assertNumbers(Connection connection, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            assertThat(requireNonNull(connection.read()).getInt()).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void whoDoesNotReadHoldsTheOtherBackAndLosesNothing(Way way) throws Exception {
        try (Pair pair = open(way, Handshake.VERSION_2)) {
            int queued = fill(pair.left(), pair.right());

            assertThatThrownBy(() -> pair.left().writeAsync(number(-1)).get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(QueueFullException.class);
            assertThat(pair.left().tryWrite(number(-1))).isFalse();
            Eventually.until("some arrived", () -> pair.right().stats().unreadBytes() > 0);
            assertThat(pair.right().stats().unreadBytes()).isLessThanOrEqualTo(BOUND + (256L << 10));
            assertThat(pair.server().stats().queuedBytes()).isPositive();

            assertNumbers(pair.right(), queued);
            pair.left().drainAsync().get(30, TimeUnit.SECONDS);
            assertThat(pair.left().tryWrite(number(7))).isTrue();
            assertThat(requireNonNull(pair.right().read()).getInt()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#all")
    void closeDeliversWhatAPausedReaderHasNotRead(Way way) throws Exception {
        try (Pair pair = open(way, Handshake.VERSION_2)) {
            int queued = fill(pair.left(), pair.right());
            CompletableFuture<Void> end = pair.left().closeAsync(CloseReason.GOING_AWAY, "bye");

            assertNumbers(pair.right(), queued);
            assertThat(pair.right().read()).isNull();

            end.get(30, TimeUnit.SECONDS);
            assertThat(pair.right().closeReason()).contains(new CloseReason(CloseReason.GOING_AWAY, "bye"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void blockedWriterGoesOnWhenThereIsRoom(Way way) throws Exception {
        try (Pair pair = open(way, Handshake.VERSION_2)) {
            int queued = fill(pair.left(), pair.right());
            var writer = CompletableFuture.runAsync(() -> {
                try {
                    pair.left().write(number(queued));
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(writer).isNotDone();

            assertNumbers(pair.right(), queued + 1);
            writer.get(30, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void blockedWriterIsWokenWhenThePeerIsGone(Way way) throws Exception {
        try (Pair pair = open(way, Handshake.VERSION_2)) {
            int queued = fill(pair.left(), pair.right());
            var outcome = new CompletableFuture<Throwable>();
            var writer = new Thread(() -> {
                try {
                    while (true) {
                        pair.left().write(number(queued));
                    }
                } catch (Throwable e) {
                    outcome.complete(e);
                }
            });
            writer.start();

            var unused = pair.right().channel().close();

            assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            writer.join();
            assertThat(pair.left().closed().get(60, TimeUnit.SECONDS).code()).isEqualTo(CloseReason.ABNORMAL);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void peerThatTakesNothingIsDropped(Way way) throws Exception {
        var served = new CompletableFuture<Connection>();
        try (Server server = way.server(served::complete)
                        .unwritableTimeout(ofMillis(200))
                        .pingInterval(java.time.Duration.ZERO)
                        .start();
                Connection silent = way.client(server).connect()) {
            Connection connection = served.get(30, TimeUnit.SECONDS);
            for (int i = 0; connection.isOpen(); i++) {
                var unused = connection.writeAsync(number(i));
            }

            assertThat(connection.closed().get(30, TimeUnit.SECONDS))
                    .isEqualTo(new CloseReason(CloseReason.TRY_LATER, "peer takes no bytes"));
            assertThat(server.stats().closedSlow()).isEqualTo(1);
            assertThat(connection.stats().queuedBytes()).isZero();
            assertThat(silent.isOpen()).isTrue();
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void crashOfThePeerIsAnError(Way way) throws Exception {
        try (Pair pair = open(way, Handshake.VERSION_2)) {
            pair.right().write(number(0));
            pair.right().drainAsync().get(30, TimeUnit.SECONDS);
            assertThat(pair.left().read()).isEqualTo(number(0));

            pair.right().channel().close().sync();

            assertThatThrownBy(() -> pair.left().read()).isInstanceOf(IOException.class);
            assertThat(pair.left().closed().get(30, TimeUnit.SECONDS).code()).isEqualTo(CloseReason.ABNORMAL);
            assertThatThrownBy(() -> pair.right().read()).isInstanceOf(IOException.class);
            Eventually.until("gone", () -> pair.server().connections().isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void whatHasArrivedCanBeReadWhenTheEventLoopHasEnded(Way way) throws Exception {
        try (Pair pair = open(way, Handshake.VERSION_2)) {
            fill(pair.left(), pair.right());
            Eventually.until(
                    "the peer waits", () -> !pair.right().channel().config().isAutoRead());
            pair.right().closing().drop(new CloseReason(CloseReason.ABNORMAL, "planted by a test"));
            Eventually.until(
                    "the loop has ended",
                    () -> pair.right().channel().eventLoop().isTerminated());

            long there = pair.right().stats().unreadBytes() / (FRAME + 5);
            assertThat(there).isPositive();
            assertNumbers(pair.right(), (int) there);
            assertThatThrownBy(() -> pair.right().read())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("planted by a test");
            assertThat(pair.right().tryWrite(number(0))).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void endInsideOfAFrameIsAnError(Way way) throws Exception {
        try (Pair pair = open(way, Handshake.VERSION_2)) {
            ByteBuf begun =
                    Unpooled.buffer().writeIntLE(1000).writeByte(Kinds.DATA).writeByte(1);
            pair.right().outbox().turn().add(begun, 6, 1).get(30, TimeUnit.SECONDS);

            pair.right().channel().close().sync();

            assertThatThrownBy(() -> pair.left().read()).isInstanceOf(TruncatedFrameException.class);
            assertThat(pair.left().closed().get(30, TimeUnit.SECONDS))
                    .isEqualTo(new CloseReason(CloseReason.ABNORMAL, "connection ended inside a frame"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#all")
    void framesThatCameBeforeTheEndAreReadBehindIt(Way way) throws Exception {
        try (Pair pair = Pair.of(
                way, builder -> builder.pingInterval(java.time.Duration.ZERO).inboundBufferBytes(100))) {
            pair.right().write(number(0));
            pair.right().write(number(1));
            sendClose(pair.right(), 3001);
            pair.right().channel().close().sync();
            if (way.transport().name().equals("epoll")) {
                // the others do not look while nobody reads
                Eventually.until(
                        "the end has come", () -> ((DuplexChannel) pair.left().channel()).isInputShutdown());
                CompletableFuture.runAsync(() -> {}, pair.left().channel().eventLoop())
                        .get(30, TimeUnit.SECONDS);
            }

            assertNumbers(pair.left(), 2);
            assertThat(pair.left().read()).isNull();
            assertThat(pair.left().closed().get(30, TimeUnit.SECONDS)).isEqualTo(new CloseReason(3001, ""));
        }
    }

    /** A close frame and nothing else of a close. */
    private static void sendClose(Connection connection, int code) throws Exception {
        ByteBuf close = Unpooled.buffer()
                .writeIntLE(1 + Short.BYTES)
                .writeByte(Kinds.CLOSE)
                .writeShortLE(code);
        connection.outbox().turn().add(close, close.readableBytes(), 1).get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void closeThatArrivesBeforeAResetIsTheReason(Transport transport) throws Exception {
        try (Pair pair = open(new Way("tcp", transport, false), Handshake.VERSION_2)) {
            pair.right().write(number(1));
            sendClose(pair.right(), 3001);
            pair.right().channel().config().setOption(ChannelOption.SO_LINGER, 0);
            pair.right().channel().close().sync();
            Eventually.until("the reset is seen", () -> !pair.left().channel().isOpen());

            assertThat(pair.left().read()).isEqualTo(number(1));
            assertThat(pair.left().read()).isNull();
            assertThat(pair.left().closeReason()).contains(new CloseReason(3001, ""));
            assertThat(pair.left().closed().get(30, TimeUnit.SECONDS)).isEqualTo(new CloseReason(3001, ""));
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void closeIsNoticedBehindTheLastFrameThatIsRead(Way way) throws Exception {
        try (Pair pair = Pair.of(
                way, builder -> builder.pingInterval(java.time.Duration.ZERO).handshake(Handshake.VERSION_2))) {
            pair.left().write(number(1));
            CompletableFuture<Void> end = pair.left().closeAsync(3000, "that was all");
            Eventually.until("all has arrived", () -> pair.right().stats().unreadBytes() > FRAME + 5);
            // a round trip through the loop, so that the end has been seen
            CompletableFuture.runAsync(() -> {}, pair.right().channel().eventLoop())
                    .get(30, TimeUnit.SECONDS);

            assertThat(requireNonNull(pair.right().read()).getInt()).isEqualTo(1);

            assertThat(pair.right().closed().get(20, TimeUnit.SECONDS))
                    .isEqualTo(new CloseReason(3000, "that was all"));
            end.get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void peerThatEndsItsHalfStillGetsItsReply(Transport transport) throws Exception {
        try (Pair pair = open(new Way("tcp", transport, false), Handshake.LEGACY)) {
            pair.right().write(ByteBuffer.wrap("request".getBytes(UTF_8)));
            pair.right().drainAsync().get(30, TimeUnit.SECONDS);
            ((DuplexChannel) pair.right().channel()).shutdownOutput().sync();
            Eventually.until(
                    "the end has come", () -> ((DuplexChannel) pair.left().channel()).isInputShutdown());

            ByteBuffer request = requireNonNull(pair.left().read());
            CompletableFuture.runAsync(() -> {}, pair.left().channel().eventLoop())
                    .get(30, TimeUnit.SECONDS);
            assertThat(pair.left().isOpen()).isTrue();
            pair.left().write(request);
            CompletableFuture<ByteBuffer> end = pair.left().readAsync();

            assertThat(pair.right().read()).isEqualTo(ByteBuffer.wrap("request".getBytes(UTF_8)));
            assertThat(end.get(30, TimeUnit.SECONDS)).isNull();
            assertThat(pair.right().read()).isNull();
            assertThat(pair.left().closed().get(30, TimeUnit.SECONDS).code()).isEqualTo(CloseReason.NO_CODE);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void interruptedReaderLosesNothing(Way way) throws Exception {
        try (Pair pair = open(way, Handshake.VERSION_2)) {
            var outcome = new CompletableFuture<Throwable>();
            var reader = new Thread(() -> {
                try {
                    pair.left().read();
                } catch (Throwable e) {
                    outcome.complete(e);
                }
            });
            reader.start();
            reader.interrupt();
            assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);

            pair.right().write(number(5));

            assertThat(pair.left().read()).isEqualTo(number(5));
            reader.join();
        }
    }
}
