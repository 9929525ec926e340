package io.mutil.dataflow;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.dataflow.Flows.Collected;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SupervisionTest {
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final AtomicInteger CLOSED = new AtomicInteger();

    /** Counts what it has seen, and cannot stand negative numbers. */
    private static final class Counting implements Worker<Integer, String>, AutoCloseable {
        private int seen;

        Counting() {
            STARTED.incrementAndGet();
        }

        @Override
        public void process(Integer item, Outlet<String> out) {
            if (item < 0) {
                throw new IllegalArgumentException("negative");
            }
            out.send(item + " is the " + ++seen);
        }

        @Override
        public void close() {
            CLOSED.incrementAndGet();
        }
    }

    private static DataflowDriver driver(Supervision supervision) {
        STARTED.set(0);
        CLOSED.set(0);
        return DataflowDriver.of(Dataflow.named("counting")
                .from(Flows.numbers(0))
                .through(Workers.<Integer, String>startedBy(context -> new Counting())
                        .named("counters")
                        .howMany(1)
                        .onError((item, failure) -> {})
                        .supervise(supervision))
                .to(Egress.into(text -> {}))
                .build());
    }

    @Test
    void skipGoesOnWithTheSameWorker() {
        try (DataflowDriver driver = driver(Supervision.skip())) {
            driver.feed(1);
            driver.feed(-1);
            driver.feed(2);

            assertThat(driver.read("out-1")).containsExactly("1 is the 1", "2 is the 2");
            assertThat(driver.stats().levels().get(1).errors()).isEqualTo(1);
            assertThat(driver.stats().levels().get(1).restarts()).isZero();
        }
        assertThat(STARTED).hasValue(1);
        assertThat(CLOSED).hasValue(1);
    }

    @Test
    void stopEndsTheTopologyAndKeepsTheReason() {
        try (DataflowDriver driver = driver(Supervision.stop())) {
            driver.feed(1);
            driver.feed(-1);

            assertThat(driver.read("out-1")).containsExactly("1 is the 1");
            assertThatThrownBy(() -> driver.feed(2))
                    .hasMessageEndingWith("takes no more items, because it failed")
                    .cause()
                    .hasMessage("worker 0 of 'counters' failed and ends the topology, since its supervision is to stop")
                    .cause()
                    .hasMessage("negative");
        }
        assertThat(CLOSED).hasValue(1);
    }

    @Test
    void restartMakesANewWorkerAfterAWhileAndLosesNothingThatWaits() {
        try (DataflowDriver driver = driver(Supervision.restart())) {
            driver.feed(1);
            driver.feed(-1);
            driver.feed(2);
            driver.feed(3);
            driver.advance(Duration.ofMillis(249));
            assertThat(driver.read("out-1")).containsExactly("1 is the 1");
            assertThat(CLOSED).hasValue(1);

            driver.advance(Duration.ofMillis(1));

            assertThat(driver.read("out-1")).containsExactly("2 is the 1", "3 is the 2");
            assertThat(driver.stats().levels().get(1).restarts()).isEqualTo(1);
            assertThat(driver.stats().levels().get(1).errors()).isEqualTo(1);
            assertThat(driver.stats().lost()).isZero();
        }
        assertThat(STARTED).hasValue(2);
        assertThat(CLOSED).hasValue(2);
    }

    @Test
    void theWaitDoublesWithEachFailureWithinTheWindow() {
        var supervision = Supervision.restart()
                .atMost(10, Duration.ofMinutes(1))
                .backoff(Duration.ofSeconds(1), Duration.ofSeconds(3));
        try (DataflowDriver driver = driver(supervision)) {
            for (int seconds : new int[] {1, 2, 3, 3}) {
                driver.feed(-1);
                driver.feed(7);
                driver.advance(Duration.ofSeconds(seconds).minusNanos(1));
                assertThat(driver.read("out-1")).isEmpty();
                driver.advance(Duration.ofNanos(1));
                assertThat(driver.read("out-1")).containsExactly("7 is the 1");
            }
            driver.advance(Duration.ofMinutes(1));
            driver.feed(-1);
            driver.advance(Duration.ofSeconds(1));
            driver.feed(8);
            assertThat(driver.read("out-1")).containsExactly("8 is the 1");
        }
    }

    @Test
    void tooManyRestartsStopTheTopology() {
        try (DataflowDriver driver = driver(Supervision.restart().atMost(2, Duration.ofMinutes(1)))) {
            for (int i = 0; i < 3; i++) {
                driver.feed(-1);
                driver.advance(Duration.ofSeconds(1));
            }

            assertThatThrownBy(() -> driver.feed(1))
                    .cause()
                    .hasMessage("worker 0 of 'counters' failed and ends the topology,"
                            + " since it was restarted 2 times within PT1M");
        }
        assertThat(STARTED).hasValue(3);
        assertThat(CLOSED).hasValue(3);
    }

    @Test
    void aWorkerThatDoesNotStartIsTriedAgain() {
        var starts = new AtomicInteger();
        try (DataflowDriver driver = DataflowDriver.of(Dataflow.named("late")
                .from(Flows.numbers(0))
                .through(Workers.<Integer, Integer>startedBy(context -> {
                            if (starts.incrementAndGet() == 2) {
                                throw new IllegalStateException("not yet");
                            }
                            return (n, out) -> out.send(10 / n);
                        })
                        .howMany(1)
                        .onError((item, failure) -> {})
                        .supervise(Supervision.restart()))
                .to(Egress.into(n -> {}))
                .build())) {
            driver.feed(0);
            driver.feed(5);
            driver.advance(Duration.ofMillis(250));
            assertThat(driver.read("out-1")).isEmpty();

            driver.advance(Duration.ofMillis(500));

            assertThat(driver.read("out-1")).containsExactly(2);
            assertThat(driver.stats().levels().get(1).errors()).isEqualTo(2);
            assertThat(driver.stats().levels().get(1).restarts()).isEqualTo(1);
        }
    }

    @Test
    void aTickThatFailsIsSupervisedToo() {
        try (DataflowDriver driver = DataflowDriver.of(Dataflow.named("ticking")
                .from(Flows.numbers(0))
                .through(Workers.<Integer, Integer>startedBy(context -> new Worker<>() {
                            private int ticks;

                            @Override
                            public void process(Integer item, Outlet<Integer> out) {
                                out.send(item);
                            }

                            @Override
                            public void tick(Outlet<Integer> out) {
                                if (++ticks == 2) {
                                    throw new IllegalStateException("second tick");
                                }
                            }
                        })
                        .howMany(1)
                        .tickEvery(Duration.ofSeconds(1))
                        .supervise(Supervision.restart()))
                .to(Egress.into(n -> {}))
                .build())) {
            driver.advance(Duration.ofMillis(2100));
            driver.feed(1);
            assertThat(driver.read("out-1")).isEmpty();
            assertThat(driver.stats().levels().get(1).errors()).isEqualTo(1);

            driver.advance(Duration.ofSeconds(1));

            assertThat(driver.read("out-1")).containsExactly(1);
            assertThat(driver.stats().levels().get(1).restarts()).isEqualTo(1);
        }
    }

    @Test
    void onThreadsEverythingButTheBadItemsArrivesInOrder() throws Exception {
        Collected<Integer> sink = Flows.collect();
        Dataflow flow = Dataflow.named("restarting")
                .from(Flows.numbers(50_000))
                .through(Workers.<Integer, Integer>startedBy(context -> (n, out) -> {
                            if (n % 10_000 == 9_999) {
                                throw new IllegalStateException("bad item");
                            }
                            out.send(n);
                        })
                        .howMany(4)
                        .routeBy(n -> n % 8)
                        .edge(Edge.blocking(16))
                        .onError((item, failure) -> {})
                        .supervise(Supervision.restart().backoff(Duration.ofMillis(1), Duration.ofMillis(1))))
                .to(Egress.<Integer>into(sink))
                .build();

        DataflowStats stats;
        try (RunningDataflow running = flow.start()) {
            running.await();
            stats = running.stats();
        }

        assertThat(sink.items).hasSize(50_000 - 5);
        sink.items.stream()
                .collect(groupingBy(n -> n % 8))
                .values()
                .forEach(ofOneKey -> assertThat(ofOneKey).isSorted());
        assertThat(stats.levels().get(1).errors()).isEqualTo(5);
        assertThat(stats.levels().get(1).restarts()).isEqualTo(5);
        assertThat(stats.lost()).isZero();
    }

    @Test
    void onThreadsStopLosesWhatItReports() throws Exception {
        var pulled = new AtomicInteger();
        Collected<Integer> sink = Flows.collect();
        Dataflow flow = Dataflow.named("stopping")
                .from(Ingress.pulling(
                        () -> IntStream.generate(pulled::incrementAndGet).iterator()))
                .through(Workers.<Integer, Integer>of((n, out) -> {
                            if (n == 5_000) {
                                throw new IllegalStateException("bad item");
                            }
                            out.send(n);
                        })
                        .howMany(3)
                        .onError((item, failure) -> {})
                        .supervise(Supervision.stop()))
                .to(Egress.<Integer>into(sink))
                .build();

        try (RunningDataflow running = flow.start()) {
            assertThatThrownBy(running::await)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .hasMessageContaining("'workers-1' failed and ends the topology");

            assertThat(sink.items.size() + 1 + running.stats().lost()).isEqualTo(pulled.get());
        }
    }

    @Test
    void aTopologyEndsWhileAWorkerWaitsToBeStartedAgain() throws Exception {
        Dataflow flow = Dataflow.named("waiting")
                .from(Flows.numbers(100))
                .through(Workers.<Integer, Integer>of((n, out) -> {
                            throw new IllegalStateException("bad item");
                        })
                        .howMany(1)
                        .onError((item, failure) -> {})
                        .supervise(Supervision.restart().backoff(Duration.ofHours(1), Duration.ofHours(1))))
                .to(Egress.into(n -> {}))
                .build();

        RunningDataflow running =
                ThreadRuntime.builder().drainTimeout(Duration.ofMillis(1)).start(flow);
        running.close();

        assertThat(running.await(Duration.ZERO)).isTrue();
        DataflowStats stats = running.stats();
        assertThat(stats.lost() + stats.levels().get(1).errors())
                .isEqualTo(stats.edges().get(0).sent());
    }

    @Test
    void travelsWithTheTopology() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(Supervision.restart().atMost(3, Duration.ofSeconds(1)));
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).hasToString("restart, at most 3 within PT1S, after PT0.25S to PT30S");
        }
    }

    @Test
    void badArgumentsAreNamed() {
        assertThatThrownBy(() -> Supervision.skip().atMost(1, Duration.ofSeconds(1)))
                .hasMessage("atMost is for Supervision.restart(), this is skip");
        assertThatThrownBy(() -> Supervision.restart().atMost(0, Duration.ofSeconds(1)))
                .hasMessage("restarts must be 1 to 1000, was 0");
        assertThatThrownBy(() -> Supervision.restart().backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessage("max must be at least initial PT2S, was PT1S");
        assertThatThrownBy(() -> Supervision.restart().backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessage("initial must be positive and at most a day, was PT0S");
        assertThatThrownBy(() -> Workers.<Integer, Integer>of((n, out) -> {}).tickEvery(Duration.ZERO))
                .hasMessage("tickEvery must be 1 ms to 1 day, was PT0S");
    }
}
