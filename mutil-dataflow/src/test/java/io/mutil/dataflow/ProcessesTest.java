package io.mutil.dataflow;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Flows.Collected;
import io.mutil.pipe.ChildProcess;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ProcessesTest {
    private static final JsonCodec<Integer> NUMBERS = JsonCodec.of(Integer.class);
    private static final JsonCodec<Long> LONGS = JsonCodec.of(Long.class);
    private static final Supervision AT_ONCE =
            Supervision.restart().backoff(Duration.ofMillis(1), Duration.ofMillis(1));

    private static Processes<Integer, Integer> processes() {
        return Processes.of(NUMBERS, NUMBERS).heap("64m");
    }

    private static Workers<Integer, Integer> same(int width, int perProcess) {
        return Workers.<Integer, Integer>of((n, out) -> out.send(n))
                .howMany(width)
                .routeBy(n -> n % 7)
                .isolation(processes().workersPerProcess(perProcess));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "4, 2"})
    void everythingArrivesOnceAndInOrderPerKey(int width, int perProcess) throws Exception {
        Collected<Integer> sink = Flows.collect();
        Dataflow flow = Dataflow.named("isolated")
                .from(Flows.numbers(30_000))
                .through(same(width, perProcess))
                .to(Egress.<Integer>into(sink))
                .build();

        DataflowStats stats;
        try (RunningDataflow running = flow.start()) {
            running.await();
            stats = running.stats();
        }

        assertThat(sink.items).hasSize(30_000);
        sink.items.stream()
                .collect(groupingBy(n -> n % 7))
                .values()
                .forEach(ofOneKey -> assertThat(ofOneKey).isSorted());
        assertThat(stats.lost()).isZero();
        assertThat(stats.levels().get(1).errors()).isZero();
    }

    @Test
    void levelsOfThreadsAndProcessesFollowEachOtherOnANarrowPool() throws Exception {
        Collected<Integer> sink = Flows.collect();
        var pool = Executors.newFixedThreadPool(1);
        Dataflow flow = Dataflow.named("mixed")
                .from(Flows.numbers(20_000))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n + 1))
                        .howMany(8)
                        .routeBy(n -> n % 7))
                .through(same(2, 2).edge(Edge.blocking(1)))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n - 1))
                        .howMany(3)
                        .routeBy(n -> n % 7))
                .through(same(1, 1))
                .to(Egress.<Integer>into(sink).edge(Edge.blocking(1)))
                .build();
        try (RunningDataflow running = ThreadRuntime.builder().executor(pool).start(flow)) {
            running.await();
        } finally {
            pool.shutdown();
        }

        assertThat(sink.items).hasSize(20_000).doesNotHaveDuplicates();
    }

    @Test
    void aWorkerRoutesAsItDoesHere() throws Exception {
        List<Collected<Integer>> sinks = List.of(Flows.collect(), Flows.collect());
        Dataflow flow = Dataflow.named("routes")
                .from(Flows.numbers(100))
                .through(Workers.<Integer, Integer>of((n, out) -> {
                            out.toIndex(0, n);
                            out.toIndex(out.width() - 1, n);
                            out.toAll(1000 + n);
                            out.byKey("a key", 2000 + n);
                            out.roundRobin(3000 + n);
                        })
                        .howMany(1)
                        .isolation(processes()))
                .to(Egress.<Integer>into(sinks.get(0)))
                .to(Egress.<Integer>into(sinks.get(1)))
                .build();

        Flows.run(flow);

        List<Integer> hundred = IntStream.range(0, 100).boxed().toList();
        for (Collected<Integer> sink : sinks) {
            assertThat(sink.items).filteredOn(n -> n < 1000).isEqualTo(hundred);
            assertThat(sink.items).filteredOn(n -> n / 1000 == 1).hasSize(100);
            assertThat(sink.items).filteredOn(n -> n / 1000 == 3).hasSize(50);
        }
        assertThat(sinks.stream()
                        .map(sink ->
                                sink.items.stream().filter(n -> n / 1000 == 2).count())
                        .sorted())
                .containsExactly(0L, 100L);
    }

    /** Adds up, and tells at the end; says which process it is in when it ticks. */
    private static final class Sum implements Worker<Integer, Long> {
        private long sum;

        @Override
        public void process(Integer item, Outlet<Long> out) {
            sum += item;
        }

        @Override
        public void tick(Outlet<Long> out) {
            out.send(-ProcessHandle.current().pid());
        }

        @Override
        public void finish(Outlet<Long> out) {
            out.send(sum);
        }
    }

    @Test
    void stateLivesInTheChildAndIsToldAtTheEnd() throws Exception {
        Collected<Long> sink = Flows.collect();
        Flows.run(Dataflow.named("sums")
                .from(Flows.numbers(1001))
                .through(Workers.<Integer, Long>startedBy(context -> new Sum())
                        .howMany(2)
                        .isolation(Processes.of(NUMBERS, LONGS)))
                .to(Egress.<Long>into(sink))
                .build());

        assertThat(sink.items).hasSize(2);
        assertThat(sink.items.get(0) + sink.items.get(1)).isEqualTo(500_500);
    }

    private static Dataflow ticking(String name, Collected<Long> sink) {
        return Dataflow.named(name)
                .from(WebSocketIngress.listen("127.0.0.1", 0, NUMBERS))
                .through(Workers.<Integer, Long>startedBy(context -> new Sum())
                        .howMany(1)
                        .tickEvery(Duration.ofMillis(5))
                        .isolation(Processes.of(NUMBERS, LONGS)))
                .to(Egress.<Long>into(sink))
                .build();
    }

    @Test
    void ticksComeFromAnotherProcessWithoutAnyItem() throws Exception {
        Collected<Long> sink = Flows.collect();
        Dataflow flow = ticking("ticking", sink);
        try (RunningDataflow running = flow.start()) {
            Eventually.until("three ticks", () -> sink.items.size() >= 3);
            assertThat(running.stats().levels().get(1).received()).isZero();
        }
        assertThat(-sink.items.get(0)).isNotEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void itemsThatAWorkerThrowsAtGoToTheHandler() throws Exception {
        Collected<Integer> sink = Flows.collect();
        List<String> failed = new ArrayList<>();
        Workers<Integer, Integer> workers = Workers.<Integer, Integer>of((n, out) -> {
                    if (n % 10 == 3) {
                        throw new IllegalArgumentException("three");
                    }
                    out.send(n);
                })
                .howMany(1)
                .isolation(processes())
                .onError((item, failure) -> failed.add(item + " " + failure.getMessage()));
        Flows.run(Dataflow.named("errors")
                .from(Flows.numbers(20))
                .through(workers)
                .to(Egress.<Integer>into(sink))
                .build());

        assertThat(sink.items).hasSize(18);
        assertThat(failed)
                .containsExactly(
                        "3 in a child process: java.lang.IllegalArgumentException: three",
                        "13 in a child process: java.lang.IllegalArgumentException: three");
    }

    @Test
    void aWorkerThatFailsIsReplacedInItsProcess() throws Exception {
        Collected<Integer> sink = Flows.collect();
        DataflowStats stats;
        try (RunningDataflow running = Dataflow.named("replaced")
                .from(Flows.numbers(1000))
                .through(Workers.<Integer, Integer>startedBy(context -> {
                            var seen = new AtomicInteger();
                            return (n, out) -> {
                                if (n == 500) {
                                    throw new IllegalStateException("bad item");
                                }
                                out.send(seen.incrementAndGet());
                            };
                        })
                        .howMany(1)
                        .onError((item, failure) -> {})
                        .supervise(AT_ONCE)
                        .isolation(processes()))
                .to(Egress.<Integer>into(sink))
                .build()
                .start()) {
            running.await();
            stats = running.stats();
        }

        assertThat(sink.items)
                .isEqualTo(IntStream.concat(IntStream.rangeClosed(1, 500), IntStream.rangeClosed(1, 499))
                        .boxed()
                        .toList());
        assertThat(stats.levels().get(1).restarts()).isEqualTo(1);
        assertThat(stats.lost()).isZero();
    }

    @Test
    void aWorkerCanStopTheTopology() throws Exception {
        try (RunningDataflow running = Dataflow.named("stopped")
                .from(Flows.numbers(1000))
                .through(Workers.<Integer, Integer>of((n, out) -> {
                            throw new IllegalStateException("bad item");
                        })
                        .howMany(1)
                        .onError((item, failure) -> {})
                        .supervise(Supervision.stop())
                        .isolation(processes()))
                .to(Egress.into(n -> {}))
                .build()
                .start()) {
            assertThatThrownBy(running::await)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .hasMessage("worker 0 of 'workers-1' failed and ends the topology,"
                            + " since its supervision is to stop");
        }
    }

    @Test
    void tooManyRestartsInAProcessStopTheTopology() throws Exception {
        try (RunningDataflow running = Dataflow.named("hopeless")
                .from(Flows.numbers(10))
                .through(Workers.<Integer, Integer>of((n, out) -> {
                            throw new IllegalStateException("bad item");
                        })
                        .howMany(1)
                        .onError((item, failure) -> {})
                        .supervise(AT_ONCE.atMost(2, Duration.ofMinutes(1)))
                        .isolation(processes()))
                .to(Egress.into(n -> {}))
                .build()
                .start()) {
            assertThatThrownBy(running::await)
                    .cause()
                    .hasMessage("worker 0 of 'workers-1' failed and ends the topology,"
                            + " since it was restarted 2 times within PT1M");
            DataflowStats stats = running.stats();
            assertThat(stats.levels().get(1).restarts()).isEqualTo(2);
            assertThat(stats.levels().get(1).errors() + stats.lost()).isEqualTo(10);
        }
    }

    private static Dataflow killed(AtomicInteger pulled, Collected<Integer> sink, Workers<Integer, Integer> workers) {
        return Dataflow.named("killed")
                .from(Ingress.pulling(() -> IntStream.generate(pulled::incrementAndGet)
                        .limit(200_000)
                        .iterator()))
                .through(workers.named("victims"))
                .to(Egress.<Integer>into(sink))
                .build();
    }

    private static ProcessHandle victim() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains(WorkerProcess.class.getName()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatAKilledChildHadTakenIsLostAndCountedAndAnotherTakesItsPlace() throws Exception {
        var pulled = new AtomicInteger();
        Collected<Integer> sink = Flows.collect();
        DataflowStats stats;
        try (RunningDataflow running =
                killed(pulled, sink, same(2, 1).supervise(AT_ONCE)).start()) {
            Eventually.until("items", () -> sink.items.size() > 1000);
            victim().destroyForcibly();
            running.await();
            stats = running.stats();
        }

        assertThat(pulled).hasValue(200_000);
        assertThat(sink.items).doesNotHaveDuplicates();
        assertThat(sink.items.size() + stats.lost()).isEqualTo(200_000);
        sink.items.stream()
                .collect(groupingBy(n -> n % 7))
                .values()
                .forEach(ofOneKey -> assertThat(ofOneKey).isSorted());
        assertThat(stats.levels().get(1).restarts()).isEqualTo(1);
    }

    @Test
    void aKilledChildStopsTheTopologyUnlessSomethingElseWasSaid() throws Exception {
        var pulled = new AtomicInteger();
        Collected<Integer> sink = Flows.collect();
        try (RunningDataflow running = killed(pulled, sink, same(2, 1)).start()) {
            Eventually.until("items", () -> sink.items.size() > 1000);
            victim().destroyForcibly();

            assertThatThrownBy(running::await)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .hasMessageMatching("a process of 'victims' \\(\\d+\\) has ended;.*");
            assertThat(sink.items.size() + running.stats().lost()).isEqualTo(pulled.get());
        }
    }

    @Test
    void aWorkerThatDoesNotStartIsToldAtTheStart() {
        Dataflow flow = Dataflow.named("broken")
                .from(Flows.numbers(1))
                .through(Workers.<Integer, Integer>startedBy(context -> {
                            throw new IllegalStateException("no state to start with");
                        })
                        .howMany(1)
                        .isolation(processes()))
                .to(Egress.into(n -> {}))
                .build();

        assertThatThrownBy(flow::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a worker of 'workers-1' did not start in its process:"
                        + " java.lang.IllegalStateException: no state to start with");
    }

    @Test
    void whatCannotTravelIsToldAtTheStart() {
        var lock = new Object();
        Dataflow flow = Dataflow.named("stuck")
                .from(Flows.numbers(1))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(lock.hashCode()))
                        .isolation(processes()))
                .to(Egress.into(n -> {}))
                .build();

        assertThatThrownBy(flow::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the workers of 'workers-1' cannot travel to a process of their own,"
                        + " java.io.NotSerializableException: java.lang.Object;"
                        + " let everything that they capture be Serializable");
    }

    @Test
    void noChildStaysBehind() throws Exception {
        Dataflow flow = Dataflow.named("clean")
                .from(Flows.numbers(10))
                .through(same(2, 1))
                .to(Egress.into(n -> {}))
                .build();
        Flows.run(flow);

        assertThat(ProcessHandle.current().children())
                .noneMatch(child -> child.info().commandLine().orElse("").contains(WorkerProcess.class.getName()));
    }

    @Test
    void whatTheJvmOfAChildPrintsDoesNotGetAmongTheFrames() throws Exception {
        Collected<Long> sink = Flows.collect();
        Dataflow flow = ticking("talkative", sink);
        try (LogLines log = LogLines.of(ChildProcess.class, Level.INFO);
                RunningDataflow running = flow.start()) {
            int dumped = new ProcessBuilder("kill", "-QUIT", "" + victim().pid())
                    .start()
                    .waitFor();

            assertThat(dumped).isZero();
            Eventually.until(
                    "a thread dump",
                    () -> log.at(Level.INFO).stream().anyMatch(line -> line.contains("Full thread dump")));
            int before = sink.items.size();
            Eventually.until("more ticks", () -> sink.items.size() > before + 2);
            assertThat(running.stats().lost()).isZero();
        }
    }

    @Test
    void badArgumentsAreNamed() {
        assertThatThrownBy(() -> processes().heap("much"))
                .hasMessage("heap must be a number with k, m or g, as 64m, was 'much'");
        assertThatThrownBy(() -> processes().workersPerProcess(0))
                .hasMessage("workersPerProcess must be 1 to 1024, was 0");
        assertThatThrownBy(() -> processes().startTimeout(Duration.ZERO))
                .hasMessage("startTimeout must be positive and at most 1 hour, was PT0S");
    }

    @Test
    void flagsAreInheritedButNotTheDebugger() {
        assertThat(ChildJvm.inherited(
                        List.of("-agentlib:jdwp=transport=dt_socket", "-Xmx4g", "-Dx=y", "-XX:+UseZGC"), true))
                .containsExactly("-Dx=y", "-XX:+UseZGC");
        assertThat(ChildJvm.inherited(List.of("-XX:AOTCache=app.aot", "-XX:AOTCacheOutput=app.aot"), false))
                .containsExactly("-XX:AOTCache=app.aot");
        assertThat(ChildJvm.inherited(List.of("-Xmx4g"), false)).containsExactly("-Xmx4g");
    }
}
