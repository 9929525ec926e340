package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Codec;
import io.mutil.codec.JsonCodec;
import io.mutil.codec.Transport;
import io.mutil.dataflow.Flows.Collected;
import io.mutil.server.AuthenticationException;
import io.mutil.server.Client;
import io.mutil.server.Endpoint;
import io.mutil.server.Keys;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Items over authenticated connections. */
@Timeout(120)
class FramedLevelsTest {
    private static final JsonCodec<Long> LONGS = JsonCodec.of(Long.class);

    private final Path directory;
    private final Collected<Long> sink = Flows.collect();

    FramedLevelsTest(@TempDir Path directory) {
        this.directory = directory;
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
            FramedPeer.awaitHeard(running, feed, reader, reader2);
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

    @Test
    void twoTopologiesFeedEachOther() throws Exception {
        var connected = new CountDownLatch(1);
        Dataflow second = Dataflow.named("second")
                .from(FramedPeer.ingress())
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
        Dataflow flow = Dataflow.named("bad")
                .from(FramedPeer.ingress())
                .to(Egress.into(sink))
                .build();

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
                .from(FramedPeer.ingress())
                .to(FramedPeer.egress().batch(10, Duration.ofMillis(1)))
                .build();

        try (RunningDataflow running = flow.start();
                FramedPeer reader = new FramedPeer(running.uri("out"));
                FramedPeer feed = new FramedPeer(running.uri("in"))) {
            var first = reader.connection().readAsync();
            Eventually.until("the reader hears", () -> {
                feed.sendOrFail("-1");
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
            FramedPeer.awaitHeard(running, feed, reader);
            feed.send("[1, 2]");
            feed.send("");
            feed.connection().write(ByteBuffer.wrap(bytes));

            assertThat(reader.next(2)).containsExactly("[1, 2]", "");
            assertThat(reader.connection().readAsync().get()).isEqualTo(ByteBuffer.wrap(bytes));
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
                .from(FramedPeer.ingress())
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
        assertThatThrownBy(() -> FramedPeer.ingress().client(client -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use server(...)");
        assertThatThrownBy(() -> FramedEgress.connect(Endpoint.tcp(1), FramedPeer.KEYS, LONGS)
                        .server(server -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use client(...)");
    }
}
