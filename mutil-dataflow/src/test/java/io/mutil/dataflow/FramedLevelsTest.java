package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Codec;
import io.mutil.codec.FrameFormat;
import io.mutil.codec.JsonCodec;
import io.mutil.codec.Transport;
import io.mutil.dataflow.Flows.Collected;
import io.mutil.server.AuthenticationException;
import io.mutil.server.Client;
import io.mutil.server.CloseReason;
import io.mutil.server.Endpoint;
import io.mutil.server.Keys;
import io.mutil.server.Server;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class FramedLevelsTest {
    private static final JsonCodec<Long> LONGS = JsonCodec.of(Long.class);
    private static final JsonCodec<String> TEXTS = JsonCodec.of(String.class);
    private static final String LARGE = '"' + "x".repeat(60_000) + '"';

    private final Path directory;
    private final Collected<Long> sink = Flows.collect();

    FramedLevelsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static FramedIngress<Long> ingress() {
        return FramedIngress.listen(Endpoint.tcp(0), FramedPeer.KEYS, LONGS);
    }

    private static FramedEgress<Long> egress() {
        return FramedEgress.<Long>listen(Endpoint.tcp(0), FramedPeer.KEYS, LONGS)
                .named("out");
    }

    static Stream<Arguments> ways() {
        return Transport.available().stream()
                .flatMap(transport -> Stream.of("tcp", "unix", "web").map(kind -> Arguments.of(transport, kind)));
    }

    private Endpoint endpoint(String kind, String name) {
        return switch (kind) {
            case "unix" -> Endpoint.unix(directory.resolve(name));
            case "web" -> Endpoint.webSocket(0, "/" + name);
            default -> Endpoint.tcp(0);
        };
    }

    @ParameterizedTest
    @MethodSource("ways")
    void itemsArriveOnceAndInOrderPerConnection(Transport transport, String kind) throws Exception {
        int items = 2000;
        int end = 2 * items;
        Dataflow flow = Dataflow.named("framed")
                .from(FramedIngress.listen(endpoint(kind, "in"), FramedPeer.KEYS, LONGS))
                .to(FramedEgress.<Long>listen(endpoint(kind, "out"), FramedPeer.KEYS, LONGS)
                        .named("out"))
                .build();

        try (RunningDataflow running =
                        ThreadRuntime.builder().transport(transport).start(flow);
                FramedPeer reader = new FramedPeer(running.uri("out"));
                FramedPeer reader2 = new FramedPeer(running.uri("out"));
                FramedPeer feed = new FramedPeer(running.uri("in"));
                FramedPeer feed2 = new FramedPeer(running.uri("in"))) {
            awaitHeard(running, feed, reader, reader2);
            for (int i = 0; i < items; i++) {
                feed.send(i, i + 1);
                feed2.send(items + i, items + i + 1);
            }

            List<Long> got = reader.next(end).stream().map(Long::valueOf).toList();
            assertThat(reader2.next(end).stream().map(Long::valueOf)).isEqualTo(got);
            assertThat(got.stream().filter(n -> n < items)).isEqualTo(Flows.range(0, items));
            assertThat(got.stream().filter(n -> n >= items)).isEqualTo(Flows.range(items, end));
        }
    }

    /** A reader joins a moment after its connection was made; from then on it misses nothing. */
    private static void awaitHeard(RunningDataflow running, FramedPeer feed, FramedPeer... readers) throws Exception {
        for (FramedPeer reader : readers) {
            var first = reader.connection().readAsync();
            Eventually.until("the reader hears", () -> {
                send(feed, "-1");
                return first.isDone();
            });
        }
        long sent = Flows.level(running, "out").received();
        send(feed, "-2");
        Eventually.until("all came", () -> Flows.level(running, "out").received() > sent);
        for (FramedPeer reader : readers) {
            reader.skipTo("-2");
        }
    }

    private static void send(FramedPeer feed, String text) {
        try {
            feed.send(text);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void twoTopologiesFeedEachOther() throws Exception {
        var connected = new CountDownLatch(1);
        Dataflow second = Dataflow.named("second")
                .from(ingress())
                .to(Egress.<Long>into(n -> {
                    connected.countDown();
                    if (n >= 0) {
                        sink.accept(n);
                    }
                }))
                .build();

        try (RunningDataflow receiving = second.start()) {
            Dataflow first = Dataflow.named("first")
                    .from(Ingress.<Long>pulling(() -> Stream.concat(
                                    Stream.generate(() -> -1L).takeWhile(n -> connected.getCount() > 0),
                                    Flows.range(0, 20_000).stream())
                            .iterator()))
                    .to(FramedEgress.<Long>connect(FramedPeer.endpoint(receiving.uri("in")), FramedPeer.KEYS, LONGS)
                            .named("out")
                            .batch(100, Duration.ZERO))
                    .build();
            Flows.run(first);

            Eventually.until("all arrived", () -> sink.items.size() == 20_000);
        }

        assertThat(sink.items).isEqualTo(Flows.range(0, 20_000));
    }

    @Test
    void aFrameThatCannotBeDecodedIsCountedAndSkipped() throws Exception {
        Dataflow flow =
                Dataflow.named("bad").from(ingress()).to(Egress.into(sink)).build();

        try (var log = LogLines.of(Dataflow.class, Level.WARNING);
                RunningDataflow running = flow.start();
                FramedPeer feed = new FramedPeer(running.uri("in"))) {
            feed.send("1");
            feed.send("\"secret\"");
            feed.send("[2, \"secret\"]");
            feed.send("");
            feed.send("[3, 4]");

            Eventually.until("the good ones came", () -> sink.items.size() == 3);
            assertThat(sink.items).containsExactly(1L, 3L, 4L);
            assertThat(Flows.level(running, "in").errors()).isEqualTo(3);
            assertThat(feed.connection().isOpen()).isTrue();
            assertThat(log.at(Level.WARNING))
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line)
                            .contains("'in' skips a message from")
                            .doesNotContain("secret"));
        }
    }

    @Test
    void batchesAreArraysOfWhatIsReady() throws Exception {
        Dataflow flow = Dataflow.named("batches")
                .from(ingress())
                .to(egress().batch(10, Duration.ofMillis(1)))
                .build();

        try (RunningDataflow running = flow.start();
                FramedPeer reader = new FramedPeer(running.uri("out"));
                FramedPeer feed = new FramedPeer(running.uri("in"))) {
            var first = reader.connection().readAsync();
            Eventually.until("the reader hears", () -> {
                send(feed, "-1");
                return first.isDone();
            });
            feed.send(Flows.range(0, 25).toString());

            List<Long> got = new ArrayList<>();
            while (!got.contains(24L)) {
                List<Long> batch = arrayOf(reader.next());
                assertThat(batch).hasSizeBetween(1, 10);
                got.addAll(batch);
            }
            got.removeIf(n -> n < 0);
            assertThat(got).isEqualTo(Flows.range(0, 25));
        }
    }

    private static List<Long> arrayOf(String text) throws IOException {
        assertThat(text).startsWith("[");
        return LONGS.decodeAll(Unpooled.copiedBuffer(text, UTF_8));
    }

    @Test
    void rawBytesPassUntouched() throws Exception {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Dataflow flow = Dataflow.named("raw")
                .from(FramedIngress.listen(Endpoint.tcp(0), FramedPeer.KEYS, Codec.bytes()))
                .to(FramedEgress.listen(Endpoint.tcp(0), FramedPeer.KEYS, Codec.bytes())
                        .named("out"))
                .build();

        try (RunningDataflow running = flow.start();
                FramedPeer reader = new FramedPeer(running.uri("out"));
                FramedPeer feed = new FramedPeer(running.uri("in"))) {
            awaitHeard(running, feed, reader);
            feed.send("[1, 2]");
            feed.send("");
            feed.connection().write(ByteBuffer.wrap(bytes));

            assertThat(reader.next(2)).containsExactly("[1, 2]", "");
            assertThat(reader.connection().readAsync().get()).isEqualTo(ByteBuffer.wrap(bytes));
        }
    }

    @Test
    void mayEndWithoutTimeToDrain() throws Exception {
        Dataflow flow = Dataflow.named("now")
                .from(ingress())
                .to(WebSocketEgress.listen("127.0.0.1", 0, LONGS).named("out"))
                .build();

        try (RunningDataflow running =
                        ThreadRuntime.builder().drainTimeout(Duration.ZERO).start(flow);
                Peer reader = new Peer(running.uri("out"))) {
            running.closeAsync().get();

            assertThat(reader.socket().closed()).succeedsWithin(Duration.ofSeconds(9));
        }
    }

    @Test
    void aStoppedSinkStopsTheWriterAndNothingIsLost() throws Exception {
        int items = 1000;
        var gate = new CountDownLatch(1);
        var got = Collections.synchronizedList(new ArrayList<Long>());
        Dataflow flow = Dataflow.named("full")
                .from(FramedIngress.listen(Endpoint.tcp(0), FramedPeer.KEYS, TEXTS)
                        .server(server -> server.inboundBufferBytes(1 << 16)))
                .to(Egress.<String>into(text -> {
                            gate.await();
                            got.add(Long.valueOf(text.substring(0, text.indexOf('x'))));
                        })
                        .edge(Edge.blocking(2)))
                .build();

        try (RunningDataflow running = flow.start();
                FramedPeer feed = new FramedPeer(running.uri("in"))) {
            var writer = Background.run(() -> {
                for (int i = 0; i < items; i++) {
                    feed.send('"' + Integer.toString(i) + "x".repeat(60_000) + '"');
                }
            });
            // 60 MB are more than the buffers of both kernels and both ends hold
            Eventually.until(
                    "the writer has no room",
                    () -> feed.connection().stats().queuedBytes() > 500_000
                            && running.stats().edges().get(0).blocked() > 0);
            assertThat(writer).isNotDone();
            assertThat(got).isEmpty();
            gate.countDown();

            writer.get();
            Eventually.until("all came through", () -> got.size() == items);
            assertThat(got).isEqualTo(Flows.range(0, items));
        }
    }

    @Test
    void aPeerThatStopsReadingIsWaitedForAndThenMissesNothing() throws Exception {
        int items = 400;
        Dataflow flow = Dataflow.named("wait")
                .from(FramedIngress.listen(Endpoint.tcp(0), FramedPeer.KEYS, TEXTS))
                .to(FramedEgress.<String>listen(Endpoint.tcp(0), FramedPeer.KEYS, TEXTS)
                        .named("out")
                        .edge(Edge.blocking(2))
                        .server(server -> server.outboundQueueBytes(1 << 16)))
                .build();

        try (RunningDataflow running = flow.start();
                FramedPeer stuck = new FramedPeer(running.uri("out"));
                FramedPeer feed = new FramedPeer(running.uri("in"))) {
            var first = stuck.connection().readAsync();
            Eventually.until("the reader hears", () -> {
                send(feed, "\"-\"");
                return first.isDone();
            });
            var writer = Background.run(() -> {
                for (int i = 0; i < items; i++) {
                    feed.send('"' + (i + "-") + "x".repeat(60_000) + '"');
                }
            });
            Eventually.until(
                    "the ingress waits for the egress",
                    () -> running.stats().edges().get(0).blocked() > 0);

            for (int i = 0; i < items; ) {
                String text = stuck.next();
                if (!text.equals("\"-\"")) {
                    assertThat(text).startsWith("\"" + i + "-");
                    i++;
                }
            }
            writer.get();
            assertThat(Flows.level(running, "out").discarded()).isLessThan(1000);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SlowReader.class,
            names = {"SKIP", "DISCONNECT"})
    void aPeerThatStopsReadingHarmsNobody(SlowReader policy) throws Exception {
        Dataflow flow = Dataflow.named("slow")
                .from(FramedIngress.listen(Endpoint.tcp(0), FramedPeer.KEYS, TEXTS))
                .to(FramedEgress.<String>listen(Endpoint.tcp(0), FramedPeer.KEYS, TEXTS)
                        .named("out")
                        .slowReaders(policy)
                        .server(server -> server.outboundQueueBytes(1 << 18)))
                .build();

        try (RunningDataflow running = flow.start();
                FramedPeer stuck = new FramedPeer(running.uri("out"));
                FramedPeer healthy = new FramedPeer(running.uri("out"));
                FramedPeer feed = new FramedPeer(running.uri("in"))) {
            awaitTexts(feed, stuck, healthy);
            long before = Flows.level(running, "out").discarded();
            while (Flows.level(running, "out").discarded() == before) {
                feed.send(LARGE);
                assertThat(healthy.next()).hasSameSizeAs(LARGE);
            }
            feed.send("\"last\"");

            assertThat(healthy.next()).isEqualTo("\"last\"");
            if (policy == SlowReader.DISCONNECT) {
                assertThat(stuck.closeReason().code()).isEqualTo(CloseReason.TRY_LATER);
            }
        }
    }

    private static void awaitTexts(FramedPeer feed, FramedPeer stuck, FramedPeer healthy) throws Exception {
        for (FramedPeer reader : List.of(stuck, healthy)) {
            var first = reader.connection().readAsync();
            Eventually.until("the reader hears", () -> {
                send(feed, "\"-\"");
                return first.isDone();
            });
        }
        feed.send("\"begin\"");
        healthy.skipTo("\"begin\"");
    }

    @Test
    void aFrameThatIsTooLongForAPeerIsMissedByItAlone() throws Exception {
        Dataflow flow = Dataflow.named("long")
                .from(FramedIngress.listen(Endpoint.tcp(0), FramedPeer.KEYS, TEXTS))
                .to(FramedEgress.<String>listen(Endpoint.tcp(0), FramedPeer.KEYS, TEXTS)
                        .named("out"))
                .build();

        try (RunningDataflow running = flow.start();
                var small = Client.builder(FramedPeer.endpoint(running.uri("out")), FramedPeer.KEYS.open())
                        .format(FrameFormat.littleEndian(4).maxBytes(1000))
                        .connect();
                FramedPeer feed = new FramedPeer(running.uri("in"))) {
            var first = small.readAsync();
            Eventually.until("the reader hears", () -> {
                send(feed, "\"-\"");
                return first.isDone();
            });
            long before = Flows.level(running, "out").discarded();
            feed.send(LARGE);
            feed.send("\"end\"");

            ByteBuffer last = ByteBuffer.allocate(0);
            while (last.remaining() != 5) {
                last = requireNonNull(small.read());
            }
            assertThat(Flows.level(running, "out").discarded()).isEqualTo(before + 1);
        }
    }

    @Test
    void itConnectsAgainAndReportsWhatNobodyGot() throws Exception {
        Endpoint endpoint = Endpoint.unix(directory.resolve("feed"));
        var connected = new CountDownLatch(1);
        Dataflow sending = Dataflow.named("sending")
                .from(ingress())
                .to(FramedEgress.<Long>connect(endpoint, FramedPeer.KEYS, LONGS)
                        .named("out")
                        .client(client -> client.backoff(Flows.quick())))
                .build();

        try (RunningDataflow running = sending.start();
                FramedPeer feed = new FramedPeer(running.uri("in"))) {
            feed.send(0, 100);
            Eventually.until("nobody hears", () -> Flows.level(running, "out").discarded() == 100);
            try (RunningDataflow peer = receiving(endpoint, connected)) {
                Eventually.until("connected", () -> {
                    send(feed, "-1");
                    return connected.getCount() == 0;
                });
                feed.send(0, 1000);
                Eventually.until("all came", () -> sink.items.size() == 1000);
                assertThat(peer.stats().lost()).isZero();
            }
            long before = Flows.level(running, "out").discarded();
            feed.send(1000, 1100);
            Eventually.until("nobody hears", () -> Flows.level(running, "out").discarded() == before + 100);
            var again = new CountDownLatch(1);
            try (RunningDataflow peer = receiving(endpoint, again)) {
                Eventually.until("connected again", () -> {
                    send(feed, "-1");
                    return again.getCount() == 0;
                });
                feed.send(1100, 2000);
                Eventually.until("all came", () -> sink.items.size() == 1900);
                assertThat(peer.stats().lost()).isZero();
            }
        }

        List<Long> expected = new ArrayList<>(Flows.range(0, 1000));
        expected.addAll(Flows.range(1100, 2000));
        assertThat(sink.items).isEqualTo(expected);
    }

    private RunningDataflow receiving(Endpoint endpoint, CountDownLatch connected) throws IOException {
        return Dataflow.named("receiving")
                .from(FramedIngress.listen(endpoint, FramedPeer.KEYS, LONGS))
                .to(Egress.<Long>into(n -> {
                    connected.countDown();
                    if (n >= 0) {
                        sink.accept(n);
                    }
                }))
                .build()
                .start();
    }

    @Test
    void anIngressThatConnectsGetsTheNextServersItemsToo() throws Exception {
        Endpoint endpoint = Endpoint.unix(directory.resolve("feed"));
        Dataflow flow = Dataflow.named("following")
                .from(FramedIngress.connect(endpoint, FramedPeer.KEYS, LONGS)
                        .client(client -> client.backoff(Flows.quick())))
                .to(Egress.into(sink))
                .build();

        try (RunningDataflow running = flow.start()) {
            for (int i = 0; i < 3; i++) {
                long from = i * 1000L;
                try (var server = Server.builder(FramedPeer.KEYS.open())
                        .listen(endpoint)
                        .onConnection(connection -> {
                            for (long n = from; n < from + 1000; n++) {
                                connection.as(LONGS).write(n);
                            }
                        })
                        .start()) {
                    Eventually.until("all came", () -> sink.items.size() == from + 1000);
                    assertThat(server.connections()).hasSize(1);
                }
            }
            assertThat(Flows.level(running, "in").errors()).isZero();
        }

        assertThat(sink.items).isEqualTo(Flows.range(0, 3000));
    }

    @Test
    void aCloseInTheMiddleDeliversWithoutAGap() throws Exception {
        Dataflow flow = Dataflow.named("middle")
                .from(ingress())
                .through(Workers.<Long, Long>of((n, out) -> out.send(n)).howMany(1))
                .to(Egress.into(sink))
                .build();
        RunningDataflow running = flow.start();
        try (FramedPeer feed = new FramedPeer(running.uri("in"))) {
            var writer = Background.run(() -> feed.send(0, Long.MAX_VALUE));
            Eventually.until("it flows", () -> sink.items.size() > 1000);

            running.close();

            assertThatThrownBy(writer::get).cause().isInstanceOf(IOException.class);
        } catch (IOException e) {
            // what the feed had queued never left, as this test wants it
        }

        assertThat(sink.items).isEqualTo(Flows.range(0, sink.items.size()));
        assertThat(running.stats().lost()).as("one frame at most was asked for").isLessThanOrEqualTo(1);
    }

    @Test
    void readersGetEverythingBeforeTheGoodbye() throws Exception {
        Dataflow flow = Dataflow.named("bye").from(ingress()).to(egress()).build();
        RunningDataflow running = flow.start();
        try (FramedPeer reader = new FramedPeer(running.uri("out"));
                FramedPeer feed = new FramedPeer(running.uri("in"))) {
            awaitHeard(running, feed, reader);
            long before = Flows.level(running, "out").received();
            feed.send(0, 1000);
            Eventually.until("all came", () -> Flows.level(running, "out").received() == before + 1000);

            var closed = running.closeAsync();

            assertThat(reader.next(1000)).isEqualTo(Flows.texts(0, 1000));
            assertThat(reader.closeReason().code()).isEqualTo(CloseReason.GOING_AWAY);
            closed.get();
        }
    }

    @Test
    void strangersAreKeptOutAndKeysAreClosedAtTheEnd() throws Exception {
        Keys keys = FramedPeer.KEYS.open();
        Dataflow flow = Dataflow.named("keys")
                .from(FramedIngress.listen(Endpoint.tcp(0), () -> keys, LONGS))
                .to(Egress.into(sink))
                .build();
        try (RunningDataflow running = flow.start()) {
            assertThatThrownBy(() -> Client.connect(FramedPeer.endpoint(running.uri("in")), Keys.of(new byte[32])))
                    .isInstanceOf(AuthenticationException.class);
        }

        try (RunningDataflow running = Dataflow.named("keys")
                .from(ingress())
                .to(Egress.into(sink))
                .build()
                .start()) {
            assertThatThrownBy(() -> Client.connect(FramedPeer.endpoint(running.uri("in")), keys))
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("were closed");
        }
    }

    @Test
    void whatCannotStartLeavesNothingBehind() throws Exception {
        Endpoint endpoint = Endpoint.unix(directory.resolve("taken"));
        Keys keys = FramedPeer.KEYS.open();
        Dataflow flow = Dataflow.named("taken")
                .from(FramedIngress.listen(endpoint, FramedPeer.KEYS, LONGS))
                .to(FramedEgress.listen(endpoint, () -> keys, LONGS))
                .build();

        assertThatThrownBy(flow::start).isInstanceOf(BindException.class);
        assertThatThrownBy(() -> Dataflow.named("keyless")
                        .from(FramedIngress.listen(
                                endpoint,
                                () -> {
                                    throw new IOException("no key file");
                                },
                                LONGS))
                        .to(Egress.into(sink))
                        .build()
                        .start())
                .isInstanceOf(IOException.class)
                .hasMessage("no key file");
        Dataflow.named("free")
                .from(FramedIngress.listen(endpoint, FramedPeer.KEYS, LONGS))
                .to(Egress.into(sink))
                .build()
                .start()
                .close();
    }

    @Test
    void setupsOfTheOtherSideAreRefused() {
        assertThatThrownBy(() -> ingress().client(client -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use server(...)");
        assertThatThrownBy(() -> FramedEgress.connect(Endpoint.tcp(1), FramedPeer.KEYS, LONGS)
                        .server(server -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use client(...)");
    }
}
