package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.JsonCodec;
import io.mutil.server.CloseReason;
import io.mutil.server.Endpoint;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What network levels count, and that it adds up. */
@Timeout(120)
class BooksTest {
    private static final String LOCAL = "127.0.0.1";
    private static final JsonCodec<String> TEXTS = JsonCodec.of(String.class);
    private static final String LARGE = '"' + "x".repeat(60_000) + '"';
    /** 24 MB are more than the buffers of both kernels and both ends hold. */
    private static final int ALL = 400;

    private static final Duration SOON = Duration.ofMillis(50);

    private static Dataflow to(Egress<String> egress) {
        return Dataflow.named("books")
                .from(WebSocketIngress.listen(LOCAL, 0, TEXTS))
                .to(egress.named("out"))
                .build();
    }

    private static Dataflow fromFramed() {
        return Dataflow.named("books")
                .from(FramedIngress.listen(Endpoint.tcp(0), FramedPeer.KEYS, TEXTS))
                .to(Egress.<String>into(text -> {}).named("out"))
                .build();
    }

    private static long discarded(RunningDataflow running) {
        return Flows.level(running, "out").discarded();
    }

    private static void sendAll(RunningDataflow running) throws Exception {
        try (Peer feed = new Peer(running.uri("in"))) {
            for (int i = 0; i < ALL; i++) {
                feed.send(LARGE);
            }
            Eventually.until("all were taken", () -> Flows.level(running, "out").received() == ALL);
        }
    }

    @ParameterizedTest
    @EnumSource(SlowReader.class)
    void aMessageReachesAWebSocketOrIsDiscarded(SlowReader policy) throws Exception {
        Dataflow flow = to(WebSocketEgress.<String>listen(LOCAL, 0, TEXTS)
                .slowReaders(policy)
                .server(server -> server.outboundQueueBytes(1 << 20)
                        .unwritableTimeout(SOON)
                        .drainTimeout(SOON)));

        try (RunningDataflow running = flow.start();
                Peer reader = new Peer(running.uri("out"))) {
            reader.socket().pause();
            sendAll(running);
            assertThat(running.closeAsync()).succeedsWithin(Duration.ofSeconds(60));

            reader.socket().resume();
            var unused = reader.closeReason();
            assertThat(reader.waiting()).isPositive();
            assertThat(reader.waiting() + discarded(running)).isEqualTo(ALL);
        }
    }

    @ParameterizedTest
    @EnumSource(SlowReader.class)
    void aMessageReachesAFramedConnectionOrIsDiscarded(SlowReader policy) throws Exception {
        Dataflow flow = to(FramedEgress.<String>listen(Endpoint.tcp(0), FramedPeer.KEYS, TEXTS)
                .slowReaders(policy)
                .server(server -> server.outboundQueueBytes(1 << 20)
                        .unwritableTimeout(SOON)
                        .drainTimeout(SOON)));

        try (RunningDataflow running = flow.start();
                FramedPeer reader = new FramedPeer(running.uri("out"))) {
            sendAll(running);
            assertThat(running.closeAsync()).succeedsWithin(Duration.ofSeconds(60));

            int received = reader.countToEnd();
            assertThat(received).isPositive();
            assertThat(received + discarded(running)).isEqualTo(ALL);
        }
    }

    @Test
    void aWebSocketThatBreaksInsideAMessageCounts() throws Exception {
        byte fragment = 0x01;
        byte whole = (byte) 0x81;
        try (var log = LogLines.of(Dataflow.class, Level.WARNING);
                RunningDataflow running = to(Egress.into(text -> {})).start()) {
            broken(running, whole, 4, "\"\"");
            broken(running, fragment, 2, "\"\"");
            Eventually.until("both are counted", () -> errors(running) == 2);
            assertThat(log.at(Level.WARNING))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).contains("of 'in' broke inside a message"));

            try (var client = new RawWebSocket(running.uri("in"))) {
                client.begin(whole, 2, "\"\"");
                Eventually.until("it came", () -> Flows.level(running, "out").received() == 1);
                client.cut();
            }
            try (Peer peer = new Peer(running.uri("in"))) {
                peer.send(LARGE);
            }
            Eventually.until("it came", () -> Flows.level(running, "out").received() == 2);
            assertThat(errors(running)).isEqualTo(2);
        }
    }

    private static void broken(RunningDataflow running, byte first, int announced, String text) throws Exception {
        try (var client = new RawWebSocket(running.uri("in"))) {
            client.begin(first, announced, text);
        }
    }

    private static long errors(RunningDataflow running) {
        return Flows.level(running, "in").errors();
    }

    @Test
    void aFramedConnectionThatBreaksInsideAFrameCountsOnce() throws Exception {
        try (var log = LogLines.of(Dataflow.class, Level.WARNING);
                RunningDataflow running = fromFramed().start()) {
            try (var proxy = new CuttingProxy(running.uri("in"));
                    FramedPeer peer = new FramedPeer(proxy.uri())) {
                peer.send("\"whole\"");
                Eventually.until("it came", () -> Flows.level(running, "out").received() == 1);
                proxy.cut();
                peer.send(LARGE);
                Eventually.until("it is counted", () -> errors(running) == 1);
            }
            assertThat(Flows.level(running, "out").received()).isEqualTo(1);
            assertThat(log.at(Level.WARNING)).hasSize(1).first().asString().contains("of 'in' broke: stream ended");
        }
    }

    @Test
    void aFramedConnectionThatEndsWithoutGoodbyeCountsOnce() throws Exception {
        try (var log = LogLines.of(Dataflow.class, Level.WARNING);
                RunningDataflow running = fromFramed().start()) {
            try (RawPeer silent = new RawFramedPeer(running.uri("in"))) {
                silent.send("\"whole\"");
                Eventually.until("it came", () -> Flows.level(running, "out").received() == 1);
                silent.leave();
                Eventually.until("it is counted", () -> errors(running) == 1);
            }
            try (RawPeer reset = new RawFramedPeer(running.uri("in"))) {
                reset.send("\"whole\"");
                Eventually.until("it came", () -> Flows.level(running, "out").received() == 2);
                reset.cut();
            }
            Eventually.until("it is counted", () -> errors(running) == 2);
            assertThat(log.at(Level.WARNING))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).contains("of 'in' broke: "));
        }
    }

    @Test
    void whoIsConnectedIsCounted() throws Exception {
        Dataflow framed = Dataflow.named("framed")
                .from(FramedIngress.listen(Endpoint.tcp(0), FramedPeer.KEYS, TEXTS))
                .to(FramedEgress.<String>listen(Endpoint.tcp(0), FramedPeer.KEYS, TEXTS)
                        .named("out"))
                .build();
        try (RunningDataflow running = framed.start()) {
            awaitConnections(running, 0, 0);
            try (var in = new FramedPeer(running.uri("in"));
                    var out = new FramedPeer(running.uri("out"));
                    var other = new FramedPeer(running.uri("out"))) {
                awaitConnections(running, 1, 2);
                assertThat(in.connection().isOpen() && out.connection().isOpen())
                        .isTrue();
                other.connection().closeAsync().get(30, TimeUnit.SECONDS);
                awaitConnections(running, 1, 1);
            }
            awaitConnections(running, 0, 0);
        }
        try (RunningDataflow running =
                to(WebSocketEgress.<String>listen(LOCAL, 0, TEXTS)).start()) {
            try (var in = new RawWebSocket(running.uri("in"));
                    Peer out = new Peer(running.uri("out"))) {
                awaitConnections(running, 1, 1);
                in.cut();
                awaitConnections(running, 0, 1);
                out.socket().closeAsync(CloseReason.NORMAL, "").get(30, TimeUnit.SECONDS);
            }
            awaitConnections(running, 0, 0);
        }
    }

    private static void awaitConnections(RunningDataflow running, int in, int out) {
        Eventually.until(
                in + " in and " + out + " out",
                () -> Flows.level(running, "in").connections() == in
                        && Flows.level(running, "out").connections() == out);
    }
}
