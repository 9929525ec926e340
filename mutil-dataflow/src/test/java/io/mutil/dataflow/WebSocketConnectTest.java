package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Codec;
import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Flows.Collected;
import io.mutil.server.CloseReason;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import io.mutil.server.WebSocketServer;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import io.mutil.testkit.TestTls;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WebSocketConnectTest {
    private static final JsonCodec<Long> LONGS = JsonCodec.of(Long.class);

    private final Collected<Long> sink = Flows.collect();

    /** A server that remembers its connections and what they say. */
    private static final class Remote implements WebSocketListener, AutoCloseable {
        final BlockingQueue<WebSocket> sockets = new LinkedBlockingQueue<>();
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final WebSocketServer server;

        Remote() throws Exception {
            server = WebSocketServer.builder(this).outboundQueueBytes(1 << 16).start();
        }

        @Override
        public void onOpen(WebSocket socket) {
            sockets.add(socket);
        }

        @Override
        public void onText(WebSocket socket, String text) {
            texts.add(text);
        }

        URI uri() {
            return server.uri();
        }

        WebSocket next() throws Exception {
            WebSocket socket = sockets.poll(30, TimeUnit.SECONDS);
            if (socket == null) {
                throw new AssertionError("no connection within 30 seconds");
            }
            return socket;
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private Dataflow following(Remote remote, Egress<Long> egress) {
        return Dataflow.named("following")
                .from(WebSocketIngress.connect(remote.uri(), LONGS).client(client -> client.backoff(Flows.quick())))
                .to(egress)
                .build();
    }

    @Test
    void anIngressFollowsAServerThroughItsConnections() throws Exception {
        try (var remote = new Remote();
                RunningDataflow running = following(remote, Egress.into(sink)).start()) {
            for (long from = 0; from < 3000; from += 1000) {
                long to = from + 1000;
                WebSocket socket = remote.next();
                for (long n = from; n < to; n++) {
                    socket.send(Long.toString(n));
                }
                Eventually.until("all came", () -> sink.items.size() == to);
                socket.closeAsync(CloseReason.GOING_AWAY, "").get();
            }
            assertThat(Flows.level(running, "in").errors()).isZero();
            assertThat(running.uris()).isEmpty();
        }

        assertThat(sink.items).isEqualTo(Flows.range(0, 3000));
    }

    @Test
    void aServersBadMessageIsLoggedAndNotAnswered() throws Exception {
        try (var log = LogLines.of(Dataflow.class, Level.WARNING);
                var remote = new Remote();
                RunningDataflow running = following(remote, Egress.into(sink)).start()) {
            WebSocket socket = remote.next();
            socket.send("\"secret\"");
            socket.send("[1, 2]");

            Eventually.until("the good ones came", () -> sink.items.size() == 2);
            assertThat(Flows.level(running, "in").errors()).isEqualTo(1);
            assertThat(log.at(Level.WARNING)).hasSize(1).first().asString().doesNotContain("secret");
            assertThat(remote.texts).isEmpty();
            assertThat(socket.isOpen()).isTrue();
        }
    }

    @Test
    void aStoppedSinkStopsTheServerAndNothingIsLost() throws Exception {
        int items = 400;
        var gate = new CountDownLatch(1);
        String padding = " ".repeat(60_000);
        try (var remote = new Remote();
                RunningDataflow running = following(
                                remote,
                                Egress.<Long>into(n -> {
                                            gate.await();
                                            sink.accept(n);
                                        })
                                        .edge(Edge.blocking(2)))
                        .start()) {
            WebSocket socket = remote.next();
            var writer = Background.run(() -> {
                for (int i = 0; i < items; i++) {
                    socket.send(i + padding);
                }
            });
            // 24 MB are more than the buffers of both kernels and both ends hold
            Eventually.until(
                    "the ingress waits",
                    () -> running.stats().edges().get(0).blocked() > 0 && socket.queuedBytes() > 0);
            assertThat(writer).isNotDone();
            assertThat(sink.items).isEmpty();
            gate.countDown();

            writer.get();
            Eventually.until("all came", () -> sink.items.size() == items);
        }
        assertThat(sink.items).isEqualTo(Flows.range(0, items));
    }

    @Test
    void anEgressConnectsAgainAndReportsWhatNobodyGot() throws Exception {
        long sent = 0;
        try (var remote = new Remote();
                RunningDataflow running = Dataflow.named("sending")
                        .from(WebSocketIngress.listen("127.0.0.1", 0, LONGS))
                        .to(WebSocketEgress.<Long>connect(remote.uri(), LONGS)
                                .named("out")
                                .client(client -> client.backoff(Flows.quick())))
                        .build()
                        .start();
                Peer feed = new Peer(running.uri("in"))) {
            for (int round = 0; round < 5; round++) {
                WebSocket socket = remote.next();
                for (int i = 0; i < 100; i++) {
                    feed.send(Long.toString(sent++));
                }
                long all = sent;
                Eventually.until(
                        "each came or was reported",
                        () -> remote.texts.size() + Flows.level(running, "out").discarded() == all);
                // when the answer to the close has come, the egress knows of it
                socket.closeAsync(CloseReason.GOING_AWAY, "").get();
                for (int i = 0; i < 10; i++) {
                    feed.send(Long.toString(sent++));
                }
            }
            long all = sent;
            Eventually.until(
                    "each came or was reported",
                    () -> remote.texts.size() + Flows.level(running, "out").discarded() == all);
            assertThat(remote.texts.stream().map(Long::valueOf).toList())
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(running.closeAsync()).succeedsWithin(Duration.ofSeconds(9));
        }
    }

    @Test
    void rawBytesPassUntouched() throws Exception {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        List<byte[]> all = List.of(bytes, new byte[0], "[1, 2]".getBytes(UTF_8));
        var got = new LinkedBlockingQueue<ByteBuffer>();
        Dataflow flow = Dataflow.named("raw")
                .from(WebSocketIngress.listen("127.0.0.1", 0, Codec.bytes()))
                .to(WebSocketEgress.listen("127.0.0.1", 0, Codec.bytes()).named("out"))
                .build();
        WebSocketListener listener = new WebSocketListener() {
            @Override
            public void onBinary(WebSocket socket, ByteBuffer message) {
                got.add(message);
            }
        };

        try (RunningDataflow running = flow.start();
                WebSocket reader =
                        WebSocketClient.builder(running.uri("out"), listener).connect();
                Peer feed = new Peer(running.uri("in"))) {
            for (byte[] one : all) {
                feed.socket().send(ByteBuffer.wrap(one));
            }
            List<byte[]> received = new ArrayList<>();
            while (received.size() < all.size()) {
                ByteBuffer next = requireNonNull(got.poll(30, TimeUnit.SECONDS));
                byte[] copy = new byte[next.remaining()];
                next.get(copy);
                received.add(copy);
            }
            assertThat(received).usingElementComparator(Arrays::compare).isEqualTo(all);
            assertThat(reader.isOpen()).isTrue();
        }
    }

    @Test
    void bytesHaveNoBatches() {
        assertThatThrownBy(() ->
                        WebSocketEgress.listen("127.0.0.1", 0, Codec.bytes()).batch(10, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Codec.bytes() cannot");
    }

    @Test
    void twoTopologiesTalkThroughTls() throws Exception {
        var connected = new CountDownLatch(1);
        try (RunningDataflow sending = Dataflow.named("sending")
                        .from(Ingress.pulling(() -> whenOpen(connected, Flows.range(0, 1000))))
                        .to(WebSocketEgress.<Long>listen("127.0.0.1", 0, LONGS).server(s -> s.tls(TestTls.server())))
                        .build()
                        .start();
                RunningDataflow receiving = Dataflow.named("receiving")
                        .from(WebSocketIngress.connect(sending.uri("out-1"), LONGS)
                                .client(client -> client.tls(TestTls.client())))
                        .to(Egress.into(sink))
                        .build()
                        .start()) {
            Eventually.until("connected", () -> Flows.level(receiving, "in").connections() == 1);
            Eventually.until("connected", () -> Flows.level(sending, "out-1").connections() == 1);
            connected.countDown();

            Eventually.until("all came", () -> sink.items.size() == 1000);
        }
        assertThat(sink.items).isEqualTo(Flows.range(0, 1000));
    }

    private static Iterator<Long> whenOpen(CountDownLatch gate, List<Long> items) {
        return items.stream()
                .peek(n -> {
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .iterator();
    }

    @Test
    void secureAddressesAreShownAsSuch() {
        Dataflow secure = Dataflow.named("secure")
                .from(WebSocketIngress.connect(URI.create("wss://example.org/feed?key=secret"), LONGS))
                .to(Egress.into(sink))
                .build();

        assertThat(secure.describe()).contains("wss://example.org/feed").doesNotContain("secret");
    }

    @Test
    void badAddressesAreRefusedAtTheCall() {
        assertThatThrownBy(() -> WebSocketIngress.connect(URI.create("http://127.0.0.1/"), LONGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ws://host:port/path");
        assertThatThrownBy(() -> WebSocketEgress.connect(URI.create("ws://127.0.0.1/"), LONGS)
                        .server(server -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use client(...)");
    }
}
