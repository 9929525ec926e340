package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.dataflow.Flows.Collected;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SinkSupervisionTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Collected<Integer> sink = Flows.collect();
    private final List<Integer> failed = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger started = new AtomicInteger();

    private static Supervision soon() {
        return Supervision.restart().backoff(Duration.ofMillis(1), Duration.ofMillis(1));
    }

    /** Cannot stand multiples of ten. */
    private void accept(int n) {
        if (n % 10 == 9) {
            throw new IllegalStateException("no " + n);
        }
        sink.accept(n);
    }

    private Egress<Integer> egress(Supervision supervision) {
        return Egress.<Integer>into(this::accept)
                .named("out")
                .edge(Edge.blocking(4))
                .onError((n, e) -> failed.add(n))
                .onStart(level -> started.incrementAndGet())
                .supervise(supervision);
    }

    private static Dataflow flow(int items, Egress<Integer> egress) {
        return Dataflow.named("sinking").from(Flows.numbers(items)).to(egress).build();
    }

    @Test
    void skipGoesOnWithTheNextItem() throws Exception {
        DataflowStats stats = Flows.run(flow(100, egress(Supervision.skip())));

        assertThat(sink.items).hasSize(90);
        assertThat(failed).hasSize(10);
        assertThat(stats.levels().get(1).restarts()).isZero();
        assertThat(started).hasValue(1);
    }

    @Test
    void stopEndsTheTopologyAndTellsWhy() throws Exception {
        try (RunningDataflow running =
                flow(1_000_000, egress(Supervision.stop())).start()) {
            assertThatThrownBy(running::await)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .hasMessage("the sink of 'out' failed and ends the topology, since its supervision is to stop")
                    .cause()
                    .hasMessage("no 9");
        }
        assertThat(failed).containsExactly(9);
        assertThat(sink.items).hasSize(9);
    }

    @Test
    void restartCallsTheHookAndLosesOnlyTheBadItems() throws Exception {
        DataflowStats stats = Flows.run(flow(1000, egress(soon().atMost(100, HOUR))));

        assertThat(sink.items).hasSize(900).isSorted();
        assertThat(failed).hasSize(100);
        assertThat(stats.levels().get(1).restarts()).isEqualTo(100);
        assertThat(stats.levels().get(1).errors()).isEqualTo(100);
        assertThat(stats.lost()).isZero();
        assertThat(started).hasValue(101);
    }

    @Test
    void tooManyRestartsStopTheTopology() throws Exception {
        try (RunningDataflow running =
                flow(1_000_000, egress(soon().atMost(2, HOUR))).start()) {
            assertThatThrownBy(running::await)
                    .cause()
                    .hasMessage("the sink of 'out' failed and ends the topology,"
                            + " since it was restarted 2 times within PT1H")
                    .cause()
                    .hasMessage("no 29");
        }
        assertThat(failed).containsExactly(9, 19, 29);
    }

    @Test
    void aHookThatFailsIsOneMoreFailure() throws Exception {
        Egress<Integer> egress = egress(soon().atMost(3, HOUR)).onStart(level -> {
            if (started.getAndIncrement() % 2 == 1) {
                throw new IllegalStateException("hook");
            }
        });

        DataflowStats stats = Flows.run(flow(10, egress));

        assertThat(sink.items).hasSize(9);
        assertThat(started).hasValue(3);
        assertThat(stats.levels().get(1).restarts()).isEqualTo(1);
        assertThat(stats.levels().get(1).errors()).isEqualTo(2);
    }

    @Test
    void aSinkThatWaitsHoldsNoThread() throws Exception {
        var other = new CountDownLatch(50);
        var executor = Executors.newSingleThreadExecutor();
        Dataflow flow = Dataflow.named("sharing")
                .from(Flows.numbers(50))
                .to(egress(Supervision.restart().backoff(HOUR, HOUR)).edge(Edge.blocking(64)))
                .to(Egress.<Integer>into(n -> other.countDown()))
                .build();
        try (var log = LogLines.of(Dataflow.class, Level.WARNING);
                RunningDataflow running = ThreadRuntime.builder()
                        .executor(executor)
                        .drainTimeout(Duration.ofMillis(1))
                        .start(flow)) {
            other.await();
            Eventually.until(
                    "it waits",
                    () -> log.at(Level.WARNING).stream().anyMatch(line -> line.contains("starts again in PT1H")));
            executor.submit(() -> {}).get();
            running.closeAsync().get(30, TimeUnit.SECONDS);

            assertThat(running.await(Duration.ZERO)).isTrue();
            assertThat(sink.items.size() + 1 + running.stats().lost()).isEqualTo(50);
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void aSourceOfThisProcessAlwaysStops() {
        Ingress<Integer> source = Flows.numbers(1);

        assertThat(source.supervise(Supervision.stop())).isSameAs(source);
        assertThatThrownBy(() -> source.supervise(Supervision.restart()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it stops the topology; was told to restart");
        assertThatThrownBy(() -> Ingress.merge(source).supervise(Supervision.stop()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call supervise on its parts");
    }
}
