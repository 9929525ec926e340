package io.mutil.dataflow;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Codec;
import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Flows.Collected;
import io.mutil.testkit.Eventually;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a topology does when its connections fail, over every network and wherever workers live: what was not delivered is
 * counted, nothing comes twice or out of order, nobody else notices, and it ends in time. A runtime extends this class and says
 * where workers live.
 */
@Timeout(120)
public abstract class ConnectionFailureConformance {
    private static final JsonCodec<Long> LONGS = JsonCodec.of(Long.class);
    private static final JsonCodec<String> TEXTS = JsonCodec.of(String.class);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long KEYS = 7;

    /** What a client has sent of its last message. */
    enum Half {
        /** Some of the bytes that say how long it is. */
        HEADER,
        /** All but its last byte. */
        PAYLOAD,
        /** The first of several parts. */
        FIRST_PART
    }

    /** For runtimes. */
    protected ConnectionFailureConformance() {}

    /** Says where the workers of a level live. */
    protected abstract <I, O> Workers<I, O> placed(Workers<I, O> workers, Codec<I> in, Codec<O> out);

    private static void assertInOrderPerKey(List<Long> numbers) {
        numbers.stream()
                .collect(groupingBy(n -> Math.floorMod(n, KEYS)))
                .values()
                .forEach(ofOneKey -> assertThat(ofOneKey).isSorted());
    }

    @ParameterizedTest
    @CsvSource({
        "WEB_SOCKET, HEADER, false", "WEB_SOCKET, PAYLOAD, false", "WEB_SOCKET, FIRST_PART, false",
        "FRAMED, HEADER, false", "FRAMED, PAYLOAD, false", "FRAMED, FIRST_PART, false",
        "WEB_SOCKET, PAYLOAD, true", "FRAMED, PAYLOAD, true"
    })
    void aClientGoneInTheMiddleOfAMessageTakesNothingElseWithIt(Way way, Half half, boolean reset) throws Exception {
        Collected<Long> sink = Flows.collect();
        Dataflow flow = Dataflow.named("half")
                .from(way.ingress(LONGS))
                .through(placed(
                        Workers.<Long, Long>of((n, out) -> out.send(n))
                                .howMany(2)
                                .routeBy(n -> n % KEYS),
                        LONGS,
                        LONGS))
                .to(Egress.into(sink))
                .build();

        // A reset may overtake the half message, and of a WebSocket it is then not known that there was one.
        boolean isCounted = !reset || way == Way.FRAMED;
        RunningDataflow running = flow.start();
        try (running;
                RawPeer other = way.connect(running.uri("in"));
                RawPeer leaving = way.connect(running.uri("in"))) {
            sendArrays(other, 0, 500);
            sendArrays(leaving, 2000, 2500);
            if (reset) {
                // a reset may take along what has arrived and was not read
                Eventually.until("what was whole came", () -> sink.items.size() == 1000);
            }
            leaving.write(begun(leaving, half, Flows.range(2500, 2510).toString()));
            if (reset) {
                leaving.cut();
            } else {
                leaving.leave();
            }
            sendArrays(other, 500, 1000);
            Eventually.until("all that was whole came", () -> sink.items.size() >= 1500);
            if (isCounted) {
                Eventually.until(
                        "the half is counted", () -> Flows.level(running, "in").errors() == 1);
            }
            // here, because the peers that are left end without a goodbye, which may count too
            assertThat(Flows.level(running, "in").errors()).isBetween(isCounted ? 1L : 0L, 1L);
        }

        assertThat(running.await(Duration.ZERO)).isTrue();
        List<Long> expected = new ArrayList<>(Flows.range(0, 1000));
        expected.addAll(Flows.range(2000, 2500));
        assertThat(sink.items).containsExactlyInAnyOrderElementsOf(expected);
        assertInOrderPerKey(sink.items.stream().filter(n -> n < 2000).toList());
        assertInOrderPerKey(sink.items.stream().filter(n -> n >= 2000).toList());
        assertThat(running.stats().lost()).isZero();
    }

    private static void sendArrays(RawPeer peer, long from, long to) throws IOException {
        for (long n = from; n < to; n += 10) {
            peer.send(Flows.range(n, n + 10).toString());
        }
    }

    private static byte[] begun(RawPeer peer, Half half, String text) {
        byte[] whole = peer.message(text);
        return switch (half) {
            case HEADER -> Arrays.copyOf(whole, 1);
            case PAYLOAD -> Arrays.copyOf(whole, whole.length - 1);
            case FIRST_PART -> peer.firstPart(text);
        };
    }

    /** A topology from numbers that the test says to texts with the number in front. */
    private Dataflow texts(FedNumbers feed, Way way, int padding, int queueBytes) {
        return Dataflow.named("texts")
                .from(Ingress.pulling(() -> feed))
                .through(placed(
                                Workers.<Long, String>of((n, out) -> out.send(n + " " + "x".repeat(padding)))
                                        .howMany(2)
                                        .routeBy(n -> n % KEYS),
                                LONGS,
                                TEXTS)
                        .edge(Edge.blocking(16)))
                .to(way.<String>egress(TEXTS, SlowReader.WAIT, queueBytes)
                        .named("out")
                        .edge(Edge.blocking(4)))
                .build();
    }

    /** A client of the egress, and what it was sent. */
    private static final class Reader implements AutoCloseable {
        private final RawPeer peer;
        private long received;

        /** Connects, and is sent everything from then on. */
        Reader(Way way, RunningDataflow running) throws IOException {
            peer = way.connect(running.uri("out"));
            awaitConnections(running, 1);
        }

        /** The next numbers. */
        List<Long> next(int count) throws IOException {
            List<Long> numbers = new ArrayList<>();
            while (numbers.size() < count) {
                String text = peer.next();
                received++;
                numbers.add(Long.valueOf(text.substring(1, text.indexOf(' '))));
            }
            return numbers;
        }

        /** Finds that nothing more comes before the end of the stream, and leaves. */
        void finish() throws IOException {
            assertThatThrownBy(() -> next(1)).isInstanceOf(EOFException.class);
            peer.close();
        }

        @Override
        public void close() throws IOException {
            peer.close();
        }
    }

    private static long discarded(RunningDataflow running) {
        return Flows.level(running, "out").discarded();
    }

    private static void awaitConnections(RunningDataflow running, int count) {
        Eventually.until(count + " connected", () -> Flows.level(running, "out").connections() == count);
    }

    @ParameterizedTest
    @CsvSource({"WEB_SOCKET, false", "WEB_SOCKET, true", "FRAMED, false", "FRAMED, true"})
    void whatIsSentBetweenTwoClientsIsDiscardedAndTheStreamGoesOn(Way way, boolean cut) throws Exception {
        var feed = new FedNumbers();
        try (RunningDataflow running = texts(feed, way, 0, 1 << 20).start();
                Reader first = new Reader(way, running)) {
            feed.add(0, 1000);
            assertInOrder(first.next(1000), 0);
            if (cut) {
                first.peer.cut();
            } else {
                first.peer.sayGoodbye();
            }
            awaitConnections(running, 0);
            feed.add(1000, 2000);
            awaitTaken(running, feed);

            try (Reader second = new Reader(way, running)) {
                feed.add(2000, 3000);
                assertInOrder(second.next(1000), 2000);
                feed.end();
                second.finish();
                assertThat(running.await(DEADLINE)).isTrue();
            }
            assertThat(discarded(running)).isEqualTo(1000);
            assertThat(running.stats().lost()).isZero();
        }
    }

    private static void assertInOrder(List<Long> numbers, long first) {
        assertThat(numbers).containsExactlyInAnyOrderElementsOf(Flows.range(first, first + numbers.size()));
        assertInOrderPerKey(numbers);
    }

    private static void awaitTaken(RunningDataflow running, FedNumbers feed) {
        Eventually.until("all were taken", () -> Flows.level(running, "out").received() == feed.count());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aConnectionCutWhileItsQueueIsFullCostsTheQueueWhichIsCounted(Way way) throws Exception {
        int padding = 50_000;
        int items = 600;
        int queue = 16 << 20;
        // what a kernel holds at most: 4 MiB of the sender's, a window of the reader's
        long inKernel = (6L << 20) / padding;
        var feed = new FedNumbers();
        try (RunningDataflow running = texts(feed, way, padding, queue).start();
                Reader first = new Reader(way, running)) {
            feed.add(0, items);
            Eventually.until(
                    "the queue is full, and so is the edge before it",
                    () -> running.stats().edges().stream()
                            .anyMatch(edge -> edge.to().equals("out") && edge.waiting() > 0));
            List<Long> read = first.next(20);
            assertThat(read).doesNotHaveDuplicates();
            assertInOrderPerKey(read);
            first.peer.cut();
            awaitConnections(running, 0);
            awaitTaken(running, feed);

            try (Reader second = new Reader(way, running)) {
                feed.add(items, items + 20);
                assertInOrder(second.next(20), items);
                feed.end();
                second.finish();
                assertThat(running.await(DEADLINE)).isTrue();
                assertThat(feed.count() - first.received - second.received - discarded(running))
                        .as("in the kernel when the connection was cut")
                        .isBetween(0L, inKernel);
            }
            assertThat(running.stats().lost()).isZero();
        }
    }
}
