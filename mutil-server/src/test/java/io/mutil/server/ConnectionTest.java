package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.IncomingFrame;
import io.mutil.codec.JsonCodec;
import io.mutil.codec.MessageStream;
import io.mutil.codec.OutgoingFrame;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is the same whatever the frames travel on. */
class ConnectionTest {
    record Trade(String symbol, double price) {}

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static ByteBuffer random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Sends back what it gets, until the peer closes. */
    static void echo(Connection connection) throws IOException, InterruptedException {
        for (ByteBuffer frame = connection.read(); frame != null; frame = connection.read()) {
            connection.write(frame);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#all")
    void framesOfAnyLengthComeBack(Way way) throws Exception {
        try (Server server = way.server(ConnectionTest::echo).start();
                Connection connection = way.client(server).connect()) {
            for (int length : new int[] {0, 1, 1000, 16 << 10, 64 << 10, 100_000, 1 << 20, 16 << 20}) {
                ByteBuffer sent = random(length);
                connection.write(sent);

                assertThat(connection.read()).isEqualTo(sent);
                assertThat(sent.remaining()).isEqualTo(length);

                connection.write(sent);
                ByteBuffer target = ByteBuffer.allocateDirect(length);
                assertThat(connection.read(target)).isEqualTo(length);
                assertThat(target.flip()).isEqualTo(sent);
            }
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void manyFramesKeepTheirOrder(Way way) throws Exception {
        int count = 20_000;
        try (Server server = way.server(ConnectionTest::echo).start();
                Connection connection = way.client(server).connect()) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        connection.write(
                                ByteBuffer.allocate(Integer.BYTES + i % 50).putInt(0, i));
                    }
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            for (int i = 0; i < count; i++) {
                ByteBuffer frame = requireNonNull(connection.read());
                assertThat(frame.remaining()).isEqualTo(Integer.BYTES + i % 50);
                assertThat(frame.getInt()).isEqualTo(i);
            }
            writer.get(30, TimeUnit.SECONDS);
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void valuesTravelAsJson(Way way) throws Exception {
        try (Server server = way.server(ConnectionTest::echo).start();
                Connection connection = way.client(server).connect()) {
            MessageStream<Trade> trades = connection.as(JsonCodec.of(Trade.class));

            trades.write(new Trade("IBM", 101.25));

            assertThat(trades.read()).isEqualTo(new Trade("IBM", 101.25));
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void asynchronousFormsDoTheSame(Way way) throws Exception {
        var served = new CompletableFuture<Connection>();
        try (Server server = way.server(served::complete).start();
                Connection connection = way.client(server).connectAsync().get(30, TimeUnit.SECONDS)) {
            Connection other = served.get(30, TimeUnit.SECONDS);
            CompletableFuture<ByteBuffer> first = other.readAsync();
            CompletableFuture<ByteBuffer> second = other.readAsync();

            connection.writeAsync(bytes("a")).get(30, TimeUnit.SECONDS);
            assertThat(connection.tryWrite(bytes("b"))).isTrue();

            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(bytes("a"));
            assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(bytes("b"));
            connection.drainAsync().get(30, TimeUnit.SECONDS);
            assertThat(connection.stats().queuedBytes()).isZero();
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void framesInPiecesPassBothWays(Way way) throws Exception {
        int length = 5 << 20;
        ByteBuffer payload = random(length);
        try (Server server = way.server(connection -> {
                            IncomingFrame in = requireNonNull(connection.next());
                            var pieces = new ArrayList<ByteBuffer>();
                            for (ByteBuffer piece = in.read(); piece != null; piece = in.read()) {
                                pieces.add(piece);
                            }
                            try (OutgoingFrame out = connection.open(in.length())) {
                                for (ByteBuffer piece : pieces) {
                                    out.write(piece);
                                }
                            }
                        })
                        .start();
                Connection connection = way.client(server).connect()) {
            try (OutgoingFrame frame = connection.open(length)) {
                frame.write(payload.duplicate());
            }

            assertThat(connection.read()).isEqualTo(payload);
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#all")
    void closeArrivesBehindWhatWasWritten(Way way) throws Exception {
        var served = new CompletableFuture<Connection>();
        try (Server server = way.server(served::complete).start();
                Connection connection = way.client(server).connect()) {
            Connection other = served.get(30, TimeUnit.SECONDS);
            for (int i = 0; i < 100; i++) {
                other.write(random(10_000));
            }
            CompletableFuture<Void> end = other.closeAsync(4000, "that is all");

            for (int i = 0; i < 100; i++) {
                assertThat(connection.read()).isEqualTo(random(10_000));
            }
            assertThat(connection.read()).isNull();
            assertThat(connection.read()).isNull();
            assertThat(connection.closeReason()).contains(new CloseReason(4000, "that is all"));
            end.get(30, TimeUnit.SECONDS);
            assertThat(other.closeReason()).contains(new CloseReason(4000, "that is all"));
            assertThat(connection.closed())
                    .succeedsWithin(ofSeconds(30))
                    .isEqualTo(new CloseReason(4000, "that is all"));
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void closeIsNoticedByWhoDoesNotRead(Way way) throws Exception {
        var served = new CompletableFuture<Connection>();
        try (Server server = way.server(served::complete).start()) {
            Connection connection = way.client(server).connect();
            Connection other = served.get(30, TimeUnit.SECONDS);

            connection.close();

            assertThat(other.closed()).succeedsWithin(ofSeconds(30)).isEqualTo(new CloseReason(CloseReason.NORMAL, ""));
            assertThat(server.connections()).isEmpty();
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void closedConnectionRefusesBothDirections(Way way) throws Exception {
        try (Server server = way.server(ConnectionTest::echo).start()) {
            Connection connection = way.client(server).connect();
            connection.close();
            connection.close();

            assertThatThrownBy(() -> connection.write(bytes("x")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is closed: 1000; open a new one");
            assertThatThrownBy(() -> connection.writeAsync(bytes("x")).get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("is closed: 1000");
            assertThat(connection.tryWrite(bytes("x"))).isFalse();
            assertThatThrownBy(() -> connection.open(3)).isInstanceOf(IOException.class);
            assertThatThrownBy(connection::read)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is closed: 1000");
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void serverSaysGoodbyeWhenItShutsDown(Way way) throws Exception {
        Server server = way.server(ConnectionTest::echo).start();
        Connection connection = way.client(server).connect();
        connection.write(bytes("x"));
        assertThat(connection.read()).isEqualTo(bytes("x"));

        var unused = server.closeAsync();

        assertThat(connection.read()).isNull();
        assertThat(connection.closeReason()).contains(new CloseReason(CloseReason.GOING_AWAY, "server shuts down"));
        server.close();
        assertThat(server.stats().connections()).isZero();
        connection.close();
        Way.clean(server.endpoint());
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void tooLongFrameOfThePeerClosesWithTheLimit(Way way) throws Exception {
        var failure = new CompletableFuture<Throwable>();
        try (Server server = way.server(connection -> {
                            try {
                                echo(connection);
                            } catch (IOException e) {
                                failure.complete(e);
                            }
                        })
                        .format(FrameFormat.littleEndian(4).maxBytes(1000))
                        .start();
                Connection connection = way.client(server).connect()) {
            assertThat(connection.maxPayload()).isEqualTo(1000);
            connection.write(random(1000));
            assertThat(connection.read()).isEqualTo(random(1000));
            assertThatThrownBy(() -> connection.write(random(1001)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1001");

            // a peer that does not care
            var header = io.netty.buffer.Unpooled.buffer().writeIntLE(1002).writeByte(Kinds.DATA);
            connection.outbox().turn().add(header, 5, 0).get(30, TimeUnit.SECONDS);

            assertThat(connection.read()).isNull();
            assertThat(connection.closeReason().orElseThrow().code()).isEqualTo(CloseReason.TOO_BIG);
            assertThat(failure.get(30, TimeUnit.SECONDS)).isInstanceOf(io.mutil.codec.FrameTooLargeException.class);
            Way.clean(server.endpoint());
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void endsTellWhoTheyAre(Way way) throws Exception {
        var served = new CompletableFuture<Connection>();
        Keys keys = Keys.builder()
                .add("2026-11", new byte[32])
                .add("2026-10", "0123456789abcdef".getBytes(UTF_8))
                .build();
        try (Server server = way.server(served::complete).start();
                Connection connection = way.client(server).connect()) {
            Connection other = served.get(30, TimeUnit.SECONDS);

            for (Connection each : List.of(connection, other)) {
                assertThat(each.keyId()).isEqualTo("default");
                assertThat(each.handshake()).isEqualTo(Handshake.VERSION_2);
                assertThat(each.isOpen()).isTrue();
                assertThat(each.closeReason()).isEmpty();
                assertThat(each.peerCredentials().isPresent())
                        .isEqualTo(way.kind().equals("unix")
                                && way.transport().name().equals("epoll"));
                assertThat(each.toString()).startsWith("Connection[").contains("key default, open, 0 bytes queued");
            }
            assertThat(server.toString()).contains(server.endpoint().toString());
            assertThat(keys).hasToString("Keys[2026-11, 2026-10]");
            Way.clean(server.endpoint());
        }
    }

    @Test
    void whatHasArrivedCanBeReadWhenTheLoopsHaveEnded() throws Exception {
        try (Pair pair =
                Pair.of(Way.tcp(), builder -> builder.inboundBufferBytes(100).drainTimeout(ofMillis(1)))) {
            Connection connection = pair.right();
            pair.left().write(ByteBuffer.allocate(200));
            Eventually.until("paused", () -> !connection.channel().config().isAutoRead());
            connection.channel().close().sync();
            Eventually.until("ended", () -> connection.channel().eventLoop().isTerminated());

            assertThat(connection.read()).isEqualTo(ByteBuffer.allocate(200));
        }
    }
}
