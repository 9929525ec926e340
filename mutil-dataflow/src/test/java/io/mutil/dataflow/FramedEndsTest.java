package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Flows.Collected;
import io.mutil.server.CloseReason;
import io.mutil.server.Endpoint;
import io.mutil.server.Server;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Beginnings and ends of framed connections. */
@Timeout(120)
class FramedEndsTest {
    private static final JsonCodec<Long> LONGS = JsonCodec.of(Long.class);

    private final Path directory;
    private final Collected<Long> sink = Flows.collect();

    FramedEndsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void itConnectsAgainAndReportsWhatNobodyGot() throws Exception {
        Endpoint endpoint = Endpoint.unix(directory.resolve("feed"));
        var connected = new CountDownLatch(1);
        Dataflow sending = Dataflow.named("sending")
                .from(FramedPeer.ingress())
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
                    feed.sendOrFail("-1");
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
                    feed.sendOrFail("-1");
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
                .from(FramedPeer.ingress())
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
        Dataflow flow = Dataflow.named("bye")
                .from(FramedPeer.ingress())
                .to(FramedPeer.egress())
                .build();
        RunningDataflow running = flow.start();
        try (FramedPeer reader = new FramedPeer(running.uri("out"));
                FramedPeer feed = new FramedPeer(running.uri("in"))) {
            FramedPeer.awaitHeard(running, feed, reader);
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
    void mayEndWithoutTimeToDrain() throws Exception {
        Dataflow flow = Dataflow.named("now")
                .from(FramedPeer.ingress())
                .to(WebSocketEgress.listen("127.0.0.1", 0, LONGS).named("out"))
                .build();

        try (RunningDataflow running =
                        ThreadRuntime.builder().drainTimeout(Duration.ZERO).start(flow);
                Peer reader = new Peer(running.uri("out"))) {
            running.closeAsync().get();

            assertThat(reader.socket().closed()).succeedsWithin(Duration.ofSeconds(9));
        }
    }
}
