package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.JsonCodec;
import io.mutil.server.Client;
import io.mutil.server.CloseReason;
import io.mutil.server.Endpoint;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What slow and small peers of framed levels do to others. */
@Timeout(120)
class FramedPressureTest {
    private static final JsonCodec<String> TEXTS = JsonCodec.of(String.class);
    private static final String LARGE = '"' + "x".repeat(60_000) + '"';

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
                feed.sendOrFail("\"-\"");
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
                feed.sendOrFail("\"-\"");
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
                feed.sendOrFail("\"-\"");
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
}
