package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.dataflow.Flows.Collected;
import io.mutil.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BackPressureTest {
    /** A gate that a sink stands at, so that everything behind it fills up. */
    private final CountDownLatch gate = new CountDownLatch(1);

    private final Collected<Integer> sink = Flows.collect();

    private Egress<Integer> gatedSink(Edge edge) {
        return Egress.<Integer>into(n -> {
                    gate.await();
                    sink.accept(n);
                })
                .named("gated")
                .edge(edge);
    }

    private static EdgeStats edgeInto(RunningDataflow running, String level) {
        return running.stats().edges().stream()
                .filter(edge -> edge.to().equals(level))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aFullEdgeStopsTheSourceAndLosesNothing() throws Exception {
        int items = 10_000;
        var pulled = new AtomicInteger();
        Dataflow flow = Dataflow.named("block")
                .from(Ingress.<Integer>pulling(() -> counting(items, pulled)))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n))
                        .named("middle")
                        .howMany(2)
                        .edge(Edge.blocking(8)))
                .to(gatedSink(Edge.blocking(8)))
                .build();

        try (RunningDataflow running = flow.start()) {
            Eventually.until(
                    "the source waits", () -> edgeInto(running, "middle").blocked() > 0);
            // 2 lanes of 8 to the workers, 2 lanes of 8 to the sink, one item in each of 2 workers, the sink and the
            // source
            assertThat(pulled.get()).isLessThanOrEqualTo(8 * 4 + 4);
            assertThat(sink.items).isEmpty();
            Eventually.until(
                    "the workers wait", () -> edgeInto(running, "gated").waiting() > 0);
            gate.countDown();
            running.await();
            assertThat(running.stats().edges()).allMatch(edge -> edge.waiting() == 0);
        }

        assertThat(sink.items).hasSize(items).doesNotHaveDuplicates();
    }

    private static Iterator<Integer> counting(int items, AtomicInteger pulled) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return pulled.get() < items;
            }

            @Override
            public Integer next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return pulled.getAndIncrement();
            }
        };
    }

    @Test
    void droppingNewestKeepsTheOldAndCounts() throws Exception {
        Dataflow flow = Dataflow.named("newest")
                .from(Flows.numbers(1000))
                .to(gatedSink(Edge.droppingNewest(16)))
                .build();

        try (RunningDataflow running = flow.start()) {
            Eventually.until(
                    "all sent",
                    () -> edgeInto(running, "gated").sent()
                                    + edgeInto(running, "gated").dropped()
                            == 1000);
            gate.countDown();
            running.await();
            assertThat(edgeInto(running, "gated").dropped()).isEqualTo(1000 - sink.items.size());
        }

        assertThat(sink.items).hasSizeBetween(16, 17).contains(0, 1, 15).isSorted();
    }

    @Test
    void droppingOldestKeepsTheNewAndCounts() throws Exception {
        Dataflow flow = Dataflow.named("oldest")
                .from(Flows.numbers(1000))
                .to(gatedSink(Edge.droppingOldest(16)))
                .build();

        try (RunningDataflow running = flow.start()) {
            Eventually.until("all sent", () -> edgeInto(running, "gated").sent() == 1000);
            gate.countDown();
            running.await();
            assertThat(edgeInto(running, "gated").dropped()).isEqualTo(1000 - sink.items.size());
            assertThat(edgeInto(running, "gated").queued()).isZero();
        }

        assertThat(sink.items).hasSizeBetween(16, 17).contains(984, 998, 999).isSorted();
    }

    @Test
    void aFailingEdgeThrowsAtTheSender() throws Exception {
        var refused = Collections.synchronizedList(new ArrayList<Throwable>());
        Dataflow flow = Dataflow.named("fail")
                .from(Flows.numbers(1000))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n))
                        .howMany(1)
                        .onError((n, failure) -> refused.add(failure)))
                .to(gatedSink(Edge.failing(16)))
                .build();

        try (RunningDataflow running = flow.start()) {
            Eventually.until("all sent", () -> edgeInto(running, "gated").sent() + refused.size() == 1000);
            gate.countDown();
            running.await();
        }

        assertThat(sink.items).hasSizeBetween(16, 17);
        assertThat(refused)
                .hasSize(1000 - sink.items.size())
                .allSatisfy(failure -> assertThat(failure).isInstanceOfSatisfying(EdgeFullException.class, e -> {
                    assertThat(e.receiver()).isEqualTo("gated");
                    assertThat(e.capacity()).isEqualTo(16);
                    assertThat(e).hasMessageContaining("'gated' is full with 16 items");
                }));
    }

    @Test
    void aSlowBranchWithADroppingEdgeDoesNotStallItsSibling() throws Exception {
        Collected<Integer> healthy = Flows.collect();
        Dataflow flow = Dataflow.named("branches")
                .from(Flows.numbers(10_000))
                .to(gatedSink(Edge.droppingNewest(16)))
                .to(Egress.into(healthy))
                .build();
        ExecutorService threads = Executors.newFixedThreadPool(3);

        try (RunningDataflow running = ThreadRuntime.builder().executor(threads).start(flow)) {
            Eventually.until("the sibling has all", () -> healthy.items.size() == 10_000);
            gate.countDown();
            running.await();
        } finally {
            threads.shutdown();
        }

        assertThat(healthy.items).isSorted();
    }

    @Test
    void closeDeliversWhatIsOnItsWay() throws Exception {
        var pulled = new AtomicInteger();
        RunningDataflow running = Dataflow.named("drain")
                .from(Ingress.<Integer>pulling(() -> counting(Integer.MAX_VALUE, pulled)))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n)).howMany(64))
                .to(Egress.into(sink))
                .build()
                .start();
        Eventually.until("something flows", () -> sink.items.size() > 1000);

        running.close();

        assertThat(sink.items).hasSize(pulled.get()).doesNotHaveDuplicates();
        assertThat(running.stats().lost()).isZero();
        running.close();
        running.await();
    }

    @Test
    void closeGivesUpAtItsDeadlineAndCountsWhatIsLost() throws Exception {
        var pulled = new AtomicInteger();
        Dataflow flow = Dataflow.named("deadline")
                .from(Ingress.<Integer>pulling(() -> counting(1000, pulled)))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n))
                        .howMany(2)
                        .edge(Edge.blocking(8)))
                .to(gatedSink(Edge.blocking(8)))
                .build();
        RunningDataflow running =
                ThreadRuntime.builder().drainTimeout(Duration.ZERO).start(flow);
        Eventually.until("the sink is stuck", () -> edgeInto(running, "gated").sent() > 8);

        running.close();

        assertThat(running.await(Duration.ofSeconds(1))).isTrue();
        // the sink was interrupted in the item it stood at, which its error handler was told of
        assertThat(sink.items).isEmpty();
        assertThat(running.stats().lost()).isPositive();
    }

    @Test
    void idleWorkersHoldNoThread() throws Exception {
        var pool = new ThreadPoolExecutor(
                4, 4, 1, java.util.concurrent.TimeUnit.MINUTES, new java.util.concurrent.LinkedBlockingQueue<>());
        Dataflow flow = Dataflow.named("idle")
                .from(Ingress.<Integer>pulling(() -> waitingAfter(100)))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n)).howMany(64))
                .to(Egress.into(sink))
                .build();

        try (RunningDataflow running = ThreadRuntime.builder().executor(pool).start(flow)) {
            Eventually.until("all are through", () -> sink.items.size() == 100);
            // only the source, which waits in its iterator
            Eventually.until("nothing runs", () -> pool.getActiveCount() == 1);
            long tasks = pool.getTaskCount();
            assertThat(pool.getQueue()).isEmpty();
            gate.countDown();
            running.await();
            assertThat(tasks).isLessThanOrEqualTo(1 + 100 + 100);
        } finally {
            pool.shutdown();
        }
    }

    private Iterator<Integer> waitingAfter(int items) {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                if (next == items) {
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return false;
                }
                return true;
            }

            @Override
            public Integer next() {
                return next++;
            }
        };
    }

    @Test
    void anExecutorThatRefusesEndsTheTopologyWithThatReason() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        Dataflow flow = Dataflow.named("refused")
                .from(Ingress.<Integer>pulling(() -> counting(Integer.MAX_VALUE, new AtomicInteger())))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n)).howMany(8))
                .to(Egress.into(sink))
                .build();
        try (RunningDataflow running = ThreadRuntime.builder().executor(pool).start(flow)) {
            Eventually.until("something flows", () -> sink.items.size() > 1000);

            pool.shutdown();

            assertThatThrownBy(() -> running.await(Duration.ofSeconds(30)))
                    .hasRootCauseInstanceOf(java.util.concurrent.RejectedExecutionException.class);
        }
    }

    @Test
    void anExecutorWithoutThreadsEndsTheTopologyWithThatReason() throws Exception {
        var calls = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        Dataflow flow = Dataflow.named("threads")
                .from(Ingress.<Integer>pulling(() -> counting(Integer.MAX_VALUE, new AtomicInteger())))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n)).howMany(8))
                .to(Egress.into(sink))
                .build();

        try (RunningDataflow running = ThreadRuntime.builder()
                .executor(task -> {
                    if (calls.incrementAndGet() == 50) {
                        throw new OutOfMemoryError("no more threads");
                    }
                    pool.execute(task);
                })
                .start(flow)) {
            assertThatThrownBy(() -> running.await(Duration.ofSeconds(9))).hasRootCauseMessage("no more threads");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void edgesAreCheckedAndRounded() {
        assertThat(Edge.blocking(1).capacity()).isEqualTo(1);
        assertThat(Edge.blocking(1000).capacity()).isEqualTo(1024);
        assertThat(Edge.blocking(1024).capacity()).isEqualTo(1024);
        assertThat(Edge.blocking(1 << 24).capacity()).isEqualTo(1 << 24);
        assertThatThrownBy(() -> Edge.blocking(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity must be 1 to 16777216, was 0");
    }
}
