package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Flows.Collected;
import io.mutil.pipe.ChildProcess;
import io.mutil.pipe.Pipe;
import io.mutil.testkit.Eventually;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PipeSupervisionTest {
    private static final JsonCodec<Long> LONGS = JsonCodec.of(Long.class);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Collected<Long> sink = Flows.collect();
    private final List<ChildProcess> children = Collections.synchronizedList(new ArrayList<>());

    private static Supervision soon() {
        return Supervision.restart().backoff(Duration.ofMillis(1), Duration.ofMillis(1));
    }

    /** A child that prints ten numbers and ends with this status, then one that ends with the next. */
    private PipeOpener children(int... statuses) {
        return PipeOpener.child(() -> {
            int index = children.size();
            ChildProcess child = ChildProcess.start(PipeChild.numbers(index * 10L, index * 10L + 10, statuses[index]));
            children.add(child);
            return child;
        });
    }

    private RunningDataflow start(Supervision supervision, PipeOpener opener, PipeOpener... more) throws Exception {
        return Dataflow.named("pipes")
                .from(PipeIngress.of(LONGS, opener, more).supervise(supervision))
                .to(Egress.<Long>into(sink))
                .build()
                .start();
    }

    @Test
    void restartStartsAChildThatDiedAgain() throws Exception {
        try (RunningDataflow running = start(soon(), children(1, 2, 0))) {
            running.await();

            assertThat(sink.items).isEqualTo(Flows.range(0, 30));
            assertThat(Flows.level(running, "in").restarts()).isEqualTo(2);
            assertThat(Flows.level(running, "in").errors()).isEqualTo(2);
            assertThat(running.stats().lost()).isZero();
        }
        assertThat(children).hasSize(3);
    }

    @Test
    void tooManyRestartsStopTheTopology() throws Exception {
        try (RunningDataflow running = start(soon().atMost(1, HOUR), children(1, 7, 0), Pipe::open)) {
            assertThatThrownBy(running::await)
                    .cause()
                    .hasMessage(
                            "pipe 0 of 'in' failed and ends the topology, since it was restarted 1 times within PT1H")
                    .cause()
                    .hasMessage("child " + children.get(1).process().pid() + " ended with status 7");
        }
        assertThat(children).hasSize(2);
    }

    @Test
    void stopEndsTheTopology() throws Exception {
        try (RunningDataflow running = start(Supervision.stop(), Pipe::open, children(3))) {
            assertThatThrownBy(running::await)
                    .cause()
                    .hasMessage("pipe 1 of 'in' failed and ends the topology, since its supervision is to stop");
            assertThat(Flows.level(running, "in").errors()).isEqualTo(1);
        }
    }

    @Test
    void aPipeThatCannotBeOpenedAgainIsOneMoreFailure() throws Exception {
        var opened = new AtomicInteger();
        PipeOpener child = children(1, 0);
        PipeOpener second = PipeOpener.child(() -> {
            if (opened.getAndIncrement() == 1) {
                throw new IOException("not now");
            }
            return ((ChildOpener) child).child().start();
        });

        try (RunningDataflow running = start(soon(), second)) {
            running.await();

            assertThat(sink.items).isEqualTo(Flows.range(0, 20));
            assertThat(Flows.level(running, "in").restarts()).isEqualTo(1);
            assertThat(Flows.level(running, "in").errors()).isEqualTo(2);
        }
    }

    @Test
    void aTopologyEndsWhileAPipeWaitsToBeOpenedAgain() throws Exception {
        Supervision late = Supervision.restart().backoff(HOUR, HOUR);
        try (RunningDataflow running = start(late, children(1))) {
            Eventually.until("it broke", () -> Flows.level(running, "in").errors() == 1);
            running.closeAsync().get(30, TimeUnit.SECONDS);

            assertThat(running.await(Duration.ZERO)).isTrue();
        }
        assertThat(sink.items).isEqualTo(Flows.range(0, 10));
        assertThat(children).hasSize(1);
    }

    @Test
    void aPipeThatIsBeingOpenedAtTheEndIsClosed() throws Exception {
        var opening = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        PipeOpener child = children(1, 0);
        PipeOpener slow = PipeOpener.child(() -> {
            if (children.size() == 1) {
                opening.countDown();
                awaitGate(gate);
            }
            return ((ChildOpener) child).child().start();
        });

        try (RunningDataflow running = start(soon(), slow)) {
            opening.await();
            var end = running.closeAsync();
            gate.countDown();

            end.get();
        }
        assertThat(children).hasSize(2);
        assertThat(children.get(1).process().isAlive()).isFalse();
    }

    @Test
    void anOpenerThatDoesNotReturnHoldsUpNothingAndItsPipeIsClosed() throws Exception {
        var opening = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        PipeOpener stuck = PipeOpener.child(() -> {
            boolean first = children.isEmpty();
            if (!first) {
                opening.countDown();
                awaitGate(gate);
            }
            ChildProcess child = ChildProcess.builder(
                            first ? PipeChild.numbers(0, 10, 1) : PipeChild.numbers(0, Long.MAX_VALUE, 0))
                    .grace(Duration.ofMillis(10))
                    .start();
            children.add(child);
            return child;
        });

        try (RunningDataflow running = start(soon(), stuck)) {
            opening.await();
            running.closeAsync().get(30, TimeUnit.SECONDS);

            assertThat(children).hasSize(1);
        } finally {
            gate.countDown();
        }
        Eventually.until(
                "it is closed",
                () -> children.size() == 2 && !children.get(1).process().isAlive());
    }

    @Test
    @SuppressWarnings("NullAway") // is what this is about
    void anOpenerThatGivesNothingIsOneMoreFailure() throws Exception {
        var opened = new AtomicInteger();
        PipeOpener child = children(1, 0);
        PipeOpener second = PipeOpener.child(() -> opened.getAndIncrement() == 1
                ? null
                : ((ChildOpener) child).child().start());

        try (RunningDataflow running = start(soon(), second)) {
            running.await();

            assertThat(sink.items).isEqualTo(Flows.range(0, 20));
            assertThat(Flows.level(running, "in").errors()).isEqualTo(2);
        }
    }

    @Test
    void aChildThatHasToBeEndedBehindItsOutputHasNotFailed() throws Exception {
        assumeTrue(File.separatorChar == '/', "skipped without a Unix shell");
        PipeOpener stays = PipeOpener.child(() -> {
            var program = new ProcessBuilder("sh", "-c", "printf '\\001\\000\\000\\0007'; exec sleep 1000 >&-");
            ChildProcess child =
                    ChildProcess.builder(program).grace(Duration.ofMillis(10)).start();
            children.add(child);
            return child;
        });

        try (RunningDataflow running = start(Supervision.stop(), stays)) {
            running.await();

            assertThat(Flows.level(running, "in").errors()).isZero();
        }
        assertThat(sink.items).containsExactly(7L);
        assertThat(children.get(0).process().isAlive()).isFalse();
    }

    private static void awaitGate(CountDownLatch gate) throws IOException {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}
