package io.mutil.dataflow;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.dataflow.Flows.Collected;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataflowTest {
    @Test
    void everyNumberPlusOneArrivesOnceOddAndEvenSeparated() throws Exception {
        Collected<Integer> odd = Flows.collect();
        Collected<Integer> even = Flows.collect();

        Flows.run(Dataflow.named("echo")
                .from(Flows.numbers(100_000))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n + 1))
                        .howMany(64))
                .to(Egress.<Integer>into(odd).filter(n -> n % 2 != 0))
                .to(Egress.<Integer>into(even).filter(n -> n % 2 == 0))
                .build());

        assertThat(odd.items)
                .hasSize(50_000)
                .doesNotHaveDuplicates()
                .allMatch(n -> n % 2 != 0 && n >= 1 && n <= 100_000);
        assertThat(even.items)
                .hasSize(50_000)
                .doesNotHaveDuplicates()
                .allMatch(n -> n % 2 == 0 && n >= 1 && n <= 100_000);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 2, 2", "2, 1, 8", "4, 3, 64", "64, 64, 1", "3, 1024, 16"})
    void deliversInOrderPerKeyOnAnyPoolWidthAndCapacity(int threads, int capacity, int width) throws Exception {
        int items = 20_000;
        Collected<Integer> sink = Flows.collect();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Dataflow flow = Dataflow.named("order")
                    .from(Flows.numbers(items))
                    .through(keyed(width, capacity))
                    .through(keyed(width + 1, capacity))
                    .through(keyed(width, capacity))
                    .to(Egress.<Integer>into(sink).edge(Edge.blocking(capacity)))
                    .build();
            try (RunningDataflow running =
                    ThreadRuntime.builder().executor(pool).start(flow)) {
                running.await();
            }
        } finally {
            pool.shutdown();
        }

        assertThat(sink.items).hasSize(items);
        sink.items.stream()
                .collect(groupingBy(DataflowTest::key))
                .values()
                .forEach(ofOneKey -> assertThat(ofOneKey).isSorted());
    }

    private static Workers<Integer, Integer> keyed(int width, int capacity) {
        return Workers.<Integer, Integer>of((n, out) -> out.send(n))
                .howMany(width)
                .edge(Edge.blocking(capacity))
                .routeBy(DataflowTest::key);
    }

    private static int key(int n) {
        return n % 7;
    }

    @Test
    void equalKeysMeetTheSameWorker() throws Exception {
        Map<String, Integer> workerOfKey = new ConcurrentHashMap<>();
        var wanderers = new AtomicInteger();

        Flows.run(Dataflow.named("keys")
                .from(Flows.numbers(10_000))
                .through(Workers.<Integer, Integer>startedBy(context -> (n, out) -> {
                            Integer before = workerOfKey.put("key" + n % 100, context.index());
                            if (before != null && before != context.index()) {
                                wanderers.incrementAndGet();
                            }
                        })
                        .howMany(16)
                        .routeBy(n -> "key" + n % 100))
                .to(Egress.into(n -> {}))
                .build());

        assertThat(wanderers).hasValue(0);
        assertThat(workerOfKey).hasSize(100);
        assertThat(workerOfKey.values().stream().distinct().count()).isGreaterThan(8);
    }

    @Test
    void anOutletReachesAllOneOrTheNextInTurn() throws Exception {
        Map<Integer, List<String>> seen = new ConcurrentHashMap<>();

        Flows.run(Dataflow.named("routes")
                .from(Flows.numbers(1))
                .through(Workers.<Integer, String>of((n, out) -> {
                            assertThat(out.width()).isEqualTo(3);
                            out.toAll("all");
                            out.toIndex(2, "two");
                            for (int i = 0; i < 6; i++) {
                                out.roundRobin("turn");
                            }
                            out.byKey("a", "keyed");
                            out.byKey("a", "keyed");
                        })
                        .howMany(1))
                .through(Workers.<String, String>startedBy(context -> (text, out) -> seen.computeIfAbsent(
                                        context.index(), i -> Collections.synchronizedList(new ArrayList<>()))
                                .add(text))
                        .howMany(3))
                .to(Egress.into(text -> {}))
                .build());

        assertThat(seen).hasSize(3);
        seen.values().forEach(texts -> assertThat(texts).contains("all").containsOnlyOnce("all"));
        seen.values()
                .forEach(texts ->
                        assertThat(Collections.frequency(texts, "turn")).isEqualTo(2));
        assertThat(seen.get(2)).contains("two");
        assertThat(seen.values().stream()
                        .filter(texts -> texts.contains("keyed"))
                        .toList())
                .hasSize(1)
                .allMatch(texts -> Collections.frequency(texts, "keyed") == 2);
    }

    @Test
    void aTopologyNeedsNoWorkers() throws Exception {
        Collected<Integer> sink = Flows.collect();

        Flows.run(Dataflow.named("direct")
                .from(Flows.numbers(5000))
                .to(Egress.into(sink))
                .build());

        assertThat(sink.items)
                .containsExactlyElementsOf(IntStream.range(0, 5000).boxed().toList());
    }

    @Test
    void aWorkerMaySendNothingOrMuch() throws Exception {
        Collected<Integer> sink = Flows.collect();

        Flows.run(Dataflow.named("fan")
                .from(Flows.numbers(10))
                .through(Workers.<Integer, Integer>of((n, out) -> {
                            for (int i = 0; i < n * 1000; i++) {
                                out.send(n);
                            }
                        })
                        .howMany(2))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n)).edge(Edge.blocking(4)))
                .to(Egress.<Integer>into(sink).edge(Edge.blocking(4)))
                .build());

        assertThat(sink.items).hasSize(45_000);
    }

    @Test
    void stateBelongsToOneWorkerAndIsClosedAfterItsLastItem() throws Exception {
        Collected<String> sink = Flows.collect();
        var closed = Collections.synchronizedList(new ArrayList<Integer>());

        Flows.run(Dataflow.named("state")
                .from(Flows.numbers(1000))
                .through(Workers.<Integer, String>startedBy(context -> new CountingWorker(context, closed))
                        .howMany(4)
                        .routeBy(n -> n))
                .to(Egress.into(sink))
                .build());

        assertThat(closed).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(sink.items).hasSize(1000);
        var perWorker = new HashMap<String, Integer>();
        sink.items.forEach(text -> perWorker.merge(text.substring(0, 1), 1, Integer::sum));
        perWorker.forEach((worker, count) -> assertThat(sink.items).contains(worker + " " + count));
    }

    private static final class CountingWorker implements Worker<Integer, String>, AutoCloseable {
        private final transient WorkerContext context;
        private final transient List<Integer> closed;
        private int count;

        CountingWorker(WorkerContext context, List<Integer> closed) {
            this.context = context;
            this.closed = closed;
        }

        @Override
        public void process(Integer item, Outlet<String> out) {
            out.send(context.index() + " " + ++count);
        }

        @Override
        public void close() {
            closed.add(context.index());
        }
    }

    @Test
    void aFailedItemGoesToTheHandlerAndNothingElseChanges() throws Exception {
        Collected<Integer> sink = Flows.collect();
        Map<Integer, Throwable> failures = new ConcurrentHashMap<>();
        Dataflow flow = Dataflow.named("errors")
                .from(Flows.numbers(100))
                .through(Workers.<Integer, Integer>of((n, out) -> {
                            if (n == 13) {
                                throw new java.io.IOException("unlucky");
                            }
                            if (n == 14) {
                                throw new StackOverflowError("deep");
                            }
                            out.send(n);
                        })
                        .named("luck")
                        .onError((n, failure) -> {
                            failures.put(n, failure);
                            throw new AssertionError("handlers fail too");
                        }))
                .to(Egress.into(sink))
                .build();

        RunningDataflow running = flow.start();
        running.await();

        assertThat(sink.items).hasSize(98).doesNotContain(13, 14);
        assertThat(failures.get(13)).hasMessage("unlucky");
        assertThat(failures.get(14)).isInstanceOf(StackOverflowError.class);
        assertThat(running.stats().levels().get(1).errors()).isEqualTo(2);
    }

    @Test
    void aFilterOrSinkThatThrowsCostsOnlyThatItemThere() throws Exception {
        Collected<Integer> good = Flows.collect();
        Collected<Integer> bad = Flows.collect();
        var failed = Collections.synchronizedList(new ArrayList<Integer>());
        Dataflow flow = Dataflow.named("filters")
                .from(Flows.numbers(10))
                .to(Egress.<Integer>into(n -> {
                            if (n == 5) {
                                throw new IllegalStateException("five");
                            }
                            bad.accept(n);
                        })
                        .filter(n -> 10 / (n - 3) < 100)
                        .onError((n, failure) -> failed.add(n)))
                .to(Egress.into(good))
                .build();

        Flows.run(flow);

        assertThat(good.items).hasSize(10);
        assertThat(bad.items).containsExactly(0, 1, 2, 4, 6, 7, 8, 9);
        assertThat(failed).containsExactlyInAnyOrder(3, 5);
    }

    @Test
    void aFailingStartHookStartsNothingAndClosesWhatWasMade() {
        var closed = Collections.synchronizedList(new ArrayList<Integer>());
        Dataflow flow = Dataflow.named("hook")
                .from(Flows.numbers(1))
                .through(Workers.<Integer, String>startedBy(context -> {
                            if (context.index() == 2) {
                                throw new java.io.IOException("no state");
                            }
                            return new CountingWorker(context, closed);
                        })
                        .named("stateful")
                        .howMany(4))
                .to(Egress.into(text -> {}))
                .build();

        assertThatThrownBy(flow::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("worker 2 of 'stateful' did not start")
                .hasRootCauseMessage("no state");
        assertThat(closed).containsExactly(0, 1);
    }

    @Test
    void aFailingKeyCostsOnlyItsItem() throws Exception {
        Collected<Integer> sink = Flows.collect();
        RunningDataflow running = Dataflow.named("key")
                .from(Flows.numbers(100))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n)).routeBy(n -> 10 / (n - 50)))
                .to(Egress.into(sink))
                .build()
                .start();
        running.await();

        assertThat(sink.items).hasSize(99).doesNotContain(50);
        assertThat(running.stats().levels().get(0).errors()).isEqualTo(1);
    }

    @Test
    void aFullFailingEdgeCostsTheSourceOnlyThatItem() throws Exception {
        Collected<Integer> sink = Flows.collect();
        RunningDataflow running = Dataflow.named("failing")
                .from(Flows.numbers(1000))
                .to(Egress.<Integer>into(sink).edge(Edge.failing(1)))
                .build()
                .start();
        running.await();

        assertThat(sink.items.size() + running.stats().levels().get(0).errors()).isEqualTo(1000);
    }

    @Test
    void aWorkerThatHasToBeClosedIsNotShared() {
        var worker = new CountingWorker(new WorkerContext("level", 0, 1), new ArrayList<>());

        assertThatThrownBy(() -> Workers.of(worker))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("startedBy");
    }

    @Test
    void aFailingSourceEndsTheTopologyAfterWhatCameBefore() throws Exception {
        Collected<Integer> sink = Flows.collect();
        Dataflow flow = Dataflow.named("source")
                .from(Ingress.<Integer>pulling(() -> IntStream.range(0, 1000)
                        .map(n -> {
                            if (n == 500) {
                                throw new IllegalStateException("dry");
                            }
                            return n;
                        })
                        .iterator()))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n)))
                .to(Egress.into(sink))
                .build();

        try (RunningDataflow running = flow.start()) {
            assertThatThrownBy(running::await)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("dry");
        }

        assertThat(sink.items).hasSize(500);
    }

    @Test
    void aTopologyCanBeStartedAgain() throws Exception {
        Collected<Integer> sink = Flows.collect();
        Dataflow flow = Dataflow.named("twice")
                .from(Flows.numbers(10))
                .to(Egress.into(sink))
                .build();

        Flows.run(flow);
        Flows.run(flow);

        assertThat(sink.items).hasSize(20);
    }

    @Test
    void namesAreUniqueAndPlain() {
        assertThatThrownBy(() -> Dataflow.named("no spaces"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'no spaces'");
        assertThatThrownBy(() -> Dataflow.named("same")
                        .from(Flows.numbers(1).named("x"))
                        .to(Egress.<Integer>into(n -> {}).named("x"))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'x' is used twice");
    }

    @Test
    void describesItself() {
        Dataflow flow = Dataflow.named("echo")
                .from(Flows.numbers(1))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n)).howMany(64))
                .to(Egress.<Integer>into(n -> {}).named("odd"))
                .to(Egress.<Integer>into(n -> {}).named("even"))
                .build();

        assertThat(flow).hasToString("Dataflow[echo: in -> workers-1 x 64 -> odd, even]");
    }

    @Test
    void userFunctionsTravel() throws Exception {
        Worker<Integer, Integer> worker = (n, out) -> out.send(n + 1);
        Key<Integer> key = n -> n % 2;
        Filter<Integer> filter = n -> n > 0;

        try (var out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            out.writeObject(worker);
            out.writeObject(key);
            out.writeObject(filter);
        }
    }

    @Test
    void statsAddUp() throws Exception {
        RunningDataflow running = Dataflow.named("stats")
                .from(Flows.numbers(1000))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n))
                        .named("middle")
                        .howMany(8))
                .to(Egress.<Integer>into(n -> {}).named("few").filter(n -> n < 10))
                .to(Egress.<Integer>into(n -> {}).named("all"))
                .build()
                .start();
        running.await();

        DataflowStats stats = running.stats();

        assertThat(stats.lost()).isZero();
        assertThat(stats.levels()).extracting(LevelStats::name).containsExactly("in", "middle", "few", "all");
        assertThat(stats.levels()).extracting(LevelStats::received).containsExactly(0L, 1000L, 10L, 1000L);
        assertThat(stats.edges())
                .extracting(EdgeStats::from, EdgeStats::to, EdgeStats::sent, EdgeStats::filtered, EdgeStats::queued)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("in", "middle", 1000L, 0L, 0L),
                        org.assertj.core.groups.Tuple.tuple("middle", "few", 10L, 990L, 0L),
                        org.assertj.core.groups.Tuple.tuple("middle", "all", 1000L, 0L, 0L));
    }
}
