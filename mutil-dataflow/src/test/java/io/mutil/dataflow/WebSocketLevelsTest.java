package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.JsonCodec;
import io.mutil.codec.Transport;
import io.mutil.server.CloseReason;
import io.mutil.testkit.Eventually;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WebSocketLevelsTest {
    private static final String LOCAL = "127.0.0.1";
    private static final JsonCodec<Long> LONGS = JsonCodec.of(Long.class);

    private static Ingress<Long> ingress() {
        return WebSocketIngress.listen(LOCAL, 0, LONGS);
    }

    private static WebSocketEgress<Long> egress(String name) {
        return WebSocketEgress.<Long>listen(LOCAL, 0, LONGS).named(name);
    }

    private static Dataflow echo() {
        return Dataflow.named("echo")
                .from(ingress())
                .through(Workers.<Long, Long>of((n, out) -> out.send(n + 1))
                        .howMany(64)
                        .routeBy(n -> n))
                .to(egress("odd").filter(n -> n % 2 != 0))
                .to(egress("even").filter(n -> n % 2 == 0))
                .build();
    }

    private static String array(long from, long to) {
        return LongStream.range(from, to).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
    }

    private static LevelStats level(RunningDataflow running, String name) {
        return running.stats().levels().stream()
                .filter(level -> level.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Stream<Transport> transports() {
        return Transport.available().stream();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void oddAndEvenGoToTheirOwnPorts(Transport transport) throws Exception {
        try (RunningDataflow running =
                        ThreadRuntime.builder().transport(transport).start(echo());
                Peer odd = new Peer(running.uri("odd"));
                Peer odd2 = new Peer(running.uri("odd"));
                Peer even = new Peer(running.uri("even"));
                Peer feed = new Peer(running.uri("in"))) {
            feed.send(array(0, 1000));
            feed.send("1000");

            assertThat(odd.next(501)).containsExactlyInAnyOrderElementsOf(numbers(1, 1002));
            assertThat(odd2.next(501)).containsExactlyInAnyOrderElementsOf(numbers(1, 1002));
            assertThat(even.next(500)).containsExactlyInAnyOrderElementsOf(numbers(2, 1001));
            assertThat(odd.waiting() + odd2.waiting() + even.waiting() + feed.waiting())
                    .isZero();
        }
    }

    private static List<String> numbers(long from, long to) {
        return LongStream.iterate(from, n -> n < to, n -> n + 2)
                .mapToObj(Long::toString)
                .toList();
    }

    @Test
    void aMalformedMessageIsAnsweredAndChangesNothingElse() throws Exception {
        try (RunningDataflow running = echo().start();
                Peer odd = new Peer(running.uri("odd"));
                Peer bad = new Peer(running.uri("in"));
                Peer good = new Peer(running.uri("in"))) {
            for (String message :
                    List.of("no json", "[2, 4, ", "[2, \"4\"]", "[2, 4.5]", "[2, null]", "{}", "", "2 4", "[[2]]")) {
                bad.send(message);

                assertThat(bad.next()).as(message).startsWith("{\"error\":\"").endsWith("\"}");
            }
            good.send("[10]");
            bad.send("[12]");

            assertThat(odd.next(2)).containsExactlyInAnyOrder("11", "13");
            assertThat(odd.waiting()).isZero();
            assertThat(level(running, "in").errors()).isEqualTo(9);
            assertThat(level(running, "workers-1").received()).isEqualTo(2);
        }
    }

    @Test
    void theItemsOfOneClientKeepTheirOrderPerKey() throws Exception {
        int items = 10_000;
        Dataflow flow = Dataflow.named("order")
                .from(ingress())
                .through(Workers.<Long, Long>of((n, out) -> out.send(n))
                        .howMany(16)
                        .edge(Edge.blocking(4))
                        .routeBy(n -> n % 7))
                .to(egress("out").edge(Edge.blocking(4)))
                .build();

        try (RunningDataflow running = flow.start();
                Peer reader = new Peer(running.uri("out"));
                Peer feed = new Peer(running.uri("in"))) {
            for (int i = 0; i < items; i += 100) {
                feed.send(array(i, i + 100));
            }

            List<Long> got = reader.next(items).stream().map(Long::valueOf).toList();
            assertThat(got).doesNotHaveDuplicates();
            assertThat(running.closeAsync()).as("nothing is stuck").succeedsWithin(Duration.ofSeconds(9));
            got.stream()
                    .collect(Collectors.groupingBy(n -> n % 7))
                    .values()
                    .forEach(ofOneKey -> assertThat(ofOneKey).isSorted());
        }
    }

    @Test
    void batchesAreArraysOfWhatIsReady() throws Exception {
        Dataflow flow = Dataflow.named("batches")
                .from(ingress())
                .to(egress("full").batch(10, Duration.ofDays(1)))
                .to(egress("ready").batch(1000, Duration.ZERO))
                .to(egress("late").batch(1000, Duration.ofMillis(1)))
                .build();

        try (RunningDataflow running = flow.start();
                Peer full = new Peer(running.uri("full"));
                Peer ready = new Peer(running.uri("ready"));
                Peer late = new Peer(running.uri("late"));
                Peer feed = new Peer(running.uri("in"))) {
            feed.send(array(0, 25));

            assertThat(full.next(2)).containsExactly(array(0, 10), array(10, 20));
            assertThat(numbersOf(ready, 25))
                    .isEqualTo(LongStream.range(0, 25).boxed().toList());
            assertThat(numbersOf(late, 25))
                    .isEqualTo(LongStream.range(0, 25).boxed().toList());

            var closed = running.closeAsync();
            assertThat(full.next()).isEqualTo(array(20, 25));
            assertThat(full.closeReason().code()).isEqualTo(CloseReason.GOING_AWAY);
            closed.join();
        }
    }

    private static List<Long> numbersOf(Peer peer, int count) throws InterruptedException {
        List<Long> numbers = new ArrayList<>();
        while (numbers.size() < count) {
            String text = peer.next();
            assertThat(text).startsWith("[").endsWith("]");
            for (String number : text.substring(1, text.length() - 1).split(",", -1)) {
                numbers.add(Long.valueOf(number));
            }
        }
        return numbers;
    }

    @ParameterizedTest
    @EnumSource(
            value = SlowReader.class,
            names = {"SKIP", "DISCONNECT"})
    void aClientThatStopsReadingHarmsNobody(SlowReader policy) throws Exception {
        JsonCodec<String> texts = JsonCodec.of(String.class);
        Dataflow flow = Dataflow.named("slow")
                .from(WebSocketIngress.listen(LOCAL, 0, texts))
                .to(WebSocketEgress.<String>listen(LOCAL, 0, texts)
                        .named("out")
                        .slowReaders(policy)
                        .server(server -> server.outboundQueueBytes(1 << 16)))
                .build();
        String large = '"' + "x".repeat(60_000) + '"';

        try (RunningDataflow running = flow.start();
                Peer stuck = new Peer(running.uri("out"));
                Peer healthy = new Peer(running.uri("out"));
                Peer feed = new Peer(running.uri("in"))) {
            stuck.socket().pause();
            while (level(running, "out").discarded() == 0) {
                feed.send(large);
                assertThat(healthy.next()).hasSameSizeAs(large);
            }
            feed.send("\"last\"");

            assertThat(healthy.next()).isEqualTo("\"last\"");
            stuck.socket().resume();
            if (policy == SlowReader.DISCONNECT) {
                assertThat(stuck.closeReason().code()).isEqualTo(CloseReason.TRY_LATER);
            }
        }
    }

    @Test
    void aClientThatStopsReadingIsWaitedForAndThenMissesNothing() throws Exception {
        int items = 200_000;
        Dataflow flow = Dataflow.named("wait")
                .from(ingress())
                .through(Workers.<Long, Long>of((n, out) -> out.send(n)).howMany(8))
                .to(egress("out").server(server -> server.outboundQueueBytes(1 << 16)))
                .build();

        try (RunningDataflow running = flow.start();
                Peer stuck = new Peer(running.uri("out"));
                Peer healthy = new Peer(running.uri("out"));
                Peer feed = new Peer(running.uri("in"))) {
            stuck.socket().pause();
            for (int i = 0; i < items; i += 1000) {
                var unused = feed.socket().sendAsync(array(i, i + 1000));
            }
            Eventually.until(
                    "the worker waits for the egress",
                    () -> running.stats().edges().get(1).blocked() > 0);
            stuck.socket().resume();

            List<String> all =
                    IntStream.range(0, items).mapToObj(Integer::toString).toList();
            List<String> atHealthy = healthy.next(items);
            assertThat(new HashSet<>(atHealthy)).isEqualTo(new HashSet<>(all));
            assertThat(stuck.next(items)).isEqualTo(atHealthy);
        }
    }

    @Test
    void aClientThatNeverReadsAgainIsDisconnectedAfterItsTimeOut() throws Exception {
        int items = 300_000;
        Dataflow flow = Dataflow.named("dead")
                .from(ingress())
                .to(egress("out")
                        .server(server -> server.outboundQueueBytes(1 << 16).unwritableTimeout(Duration.ofMillis(500))))
                .build();

        try (RunningDataflow running = flow.start();
                Peer stuck = new Peer(running.uri("out"));
                Peer healthy = new Peer(running.uri("out"));
                Peer feed = new Peer(running.uri("in"))) {
            stuck.socket().pause();
            for (int i = 0; i < items; i += 1000) {
                feed.send(array(i, i + 1000));
            }

            assertThat(healthy.next(items)).hasSize(items);
        }
    }

    @Test
    void aFullFirstLevelStopsReadingFromTheClient() throws Exception {
        var gate = new CountDownLatch(1);
        var sink = Collections.synchronizedList(new ArrayList<String>());
        Dataflow flow = Dataflow.named("full")
                .from(WebSocketIngress.listen(LOCAL, 0, JsonCodec.of(String.class)))
                .to(Egress.<String>into(text -> {
                            gate.await();
                            sink.add(text);
                        })
                        .edge(Edge.blocking(2)))
                .build();
        String large = '"' + "x".repeat(60_000) + '"';

        try (RunningDataflow running = flow.start();
                Peer feed = new Peer(running.uri("in"))) {
            int sent = 0;
            // The client's own queue of 8 MiB fills, and stays full because the ingress has stopped to read.
            while (!feed.socket().sendAsync(large).isCompletedExceptionally()) {
                sent++;
            }
            Eventually.until(
                    "the feed waits", () -> running.stats().edges().get(0).waiting() == 1);
            gate.countDown();

            int all = sent;
            Eventually.until("all came through", () -> sink.size() == all);
            Eventually.until(
                    "nobody waits", () -> running.stats().edges().get(0).waiting() == 0);
        }
    }

    @Test
    void aFailingEdgeTellsTheClientHowManyItemsWereRefused() throws Exception {
        var gate = new CountDownLatch(1);
        Dataflow flow = Dataflow.named("fail")
                .from(ingress())
                .to(Egress.<Long>into(n -> gate.await()).edge(Edge.failing(16)))
                .build();

        try (RunningDataflow running = flow.start();
                Peer feed = new Peer(running.uri("in"))) {
            feed.send(array(0, 100));

            assertThat(feed.next()).matches("\\{\"error\":\"8[34] of 100 items were refused, the edge is full\"}");
            gate.countDown();
        }
    }

    @Test
    void itemsThatNobodyHearsAreDiscardedAndCounted() throws Exception {
        try (RunningDataflow running = echo().start();
                Peer even = new Peer(running.uri("even"));
                Peer feed = new Peer(running.uri("in"))) {
            feed.send(array(0, 100));

            assertThat(even.next(50)).hasSize(50);
            Eventually.until(
                    "the odd ones are discarded", () -> level(running, "odd").discarded() == 50);
        }
    }

    @Test
    void anItemThatCannotBeEncodedDoesNotTakeItsBatchWithIt() throws Exception {
        var failed = Collections.synchronizedList(new ArrayList<Object>());
        JsonCodec<Object> any = JsonCodec.of(Object.class);
        Dataflow flow = Dataflow.named("encode")
                .from(ingress())
                .through(Workers.<Long, Object>of((n, out) -> out.send(n == 3 ? new Unencodable() : n))
                        .howMany(1))
                .to(WebSocketEgress.<Object>listen(LOCAL, 0, any)
                        .batch(5, Duration.ofDays(1))
                        .named("out")
                        .onError((item, failure) -> failed.add(item)))
                .build();

        try (RunningDataflow running = flow.start();
                Peer reader = new Peer(running.uri("out"));
                Peer feed = new Peer(running.uri("in"))) {
            feed.send(array(1, 6));

            assertThat(reader.next()).isEqualTo("[1,2,4,5]");
            assertThat(failed).hasSize(1).first().isInstanceOf(Unencodable.class);
        }
    }

    /** Jackson finds its getter and fails with it. */
    public static final class Unencodable {
        public int getValue() {
            return Math.floorDiv(1, 0);
        }
    }

    @Test
    void aPortInUseStartsNothing() throws Exception {
        try (RunningDataflow running = echo().start()) {
            int taken = running.uri("even").getPort();
            Dataflow second = Dataflow.named("second")
                    .from(ingress())
                    .to(WebSocketEgress.<Long>listen(LOCAL, 0, LONGS).named("first"))
                    .to(WebSocketEgress.listen(LOCAL, taken, LONGS))
                    .build();

            assertThatThrownBy(second::start)
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining(LOCAL + ":" + taken);
        }
    }

    @Test
    void userCodeOnAnEventLoopMayClose() throws Exception {
        var itself = new CompletableFuture<RunningDataflow>();
        Dataflow flow = Dataflow.named("self")
                .from(ingress())
                .to(Egress.<Long>into(n -> {}).filter(n -> {
                    itself.join().close();
                    return true;
                }))
                .build();

        try (RunningDataflow running = flow.start();
                Peer feed = new Peer(running.uri("in"))) {
            itself.complete(running);
            feed.send("[1]");

            assertThat(running.await(Duration.ofSeconds(9))).isTrue();
            assertThat(feed.closeReason().code()).isEqualTo(CloseReason.GOING_AWAY);
        }
    }

    @Test
    void tellsWhereItListens() throws Exception {
        try (RunningDataflow running = echo().start()) {
            assertThat(running.uris().keySet()).containsExactly("in", "odd", "even");
            URI in = running.uri("in");
            assertThat(in.getScheme()).isEqualTo("ws");
            assertThat(in.getHost()).isEqualTo(LOCAL);
            assertThat(in.getPort()).isPositive();
            assertThatThrownBy(() -> running.uri("workers-1"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[in, odd, even]");
        }
    }

    @Test
    void closeSaysGoodbyeToEverybodyAndFreesThePorts() throws Exception {
        RunningDataflow running = echo().start();
        Peer feed = new Peer(running.uri("in"));
        Peer odd = new Peer(running.uri("odd"));
        int port = running.uri("in").getPort();

        running.close();

        assertThat(feed.closeReason().code()).isEqualTo(CloseReason.GOING_AWAY);
        assertThat(odd.closeReason().code()).isEqualTo(CloseReason.GOING_AWAY);
        Dataflow again = Dataflow.named("again")
                .from(WebSocketIngress.listen(LOCAL, port, LONGS))
                .to(Egress.into(n -> {}))
                .build();
        again.start().close();
    }
}
