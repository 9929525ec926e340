package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Flows.Collected;
import io.mutil.pipe.ChildProcess;
import io.mutil.pipe.Pipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The parent's side of a worker, whose turns come when the test says so; its child says what it is told. */
@Timeout(30)
class ProcessTaskTest {
    private static final JsonCodec<Integer> NUMBERS = JsonCodec.of(Integer.class);
    private static final int HEADER = 1 + Integer.BYTES;

    private final BlockingQueue<Runnable> turns = new LinkedBlockingQueue<>();
    private final Collected<Integer> sink = Flows.collect();
    private final ProcessTask<Integer, Integer> task;
    private final ChildHost host;

    @SuppressWarnings("unchecked") // the types of the topology three lines further up
    ProcessTaskTest() {
        Processes<Integer, Integer> processes = Processes.of(NUMBERS, NUMBERS);
        Dataflow flow = Dataflow.named("told")
                .from(Flows.numbers(0))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n)).isolation(processes))
                .to(Egress.<Integer>into(sink))
                .build();
        var level = (WorkerLevel<Integer, Integer>) flow.levels().get(0);
        var egress = (EgressLevel<Integer>) flow.egresses().get(0);
        var context = new FlowContext(turns::add, turns::add, new SimulatedTime());
        var stage = new Stage(1, () -> {});
        var failures = new Failures<Integer>("told", Failures.logging("told"));
        var last = new SinkTask<>(context, egress, stage, sink, null, failures);
        Sender<Integer> sender =
                Sender.toEgresses(List.of(new Target<>("sink", last, last.inbox(), null, failures)), context);
        task = new ProcessTask<>(context, stage, level, 0, 0, sender, failures);
        host = new ChildHost(context, level, new byte[0], new SharedClasses(processes), List.of(task));
    }

    private static ChildProcess echo() throws IOException {
        return ChildProcess.builder(new ProcessBuilder("cat"))
                .pipe(Pipe.builder().format(ChildHost.FORMAT))
                .start();
    }

    /** The worker has sent a number. */
    private static ByteBuffer results(int number) {
        byte[] item = Integer.toString(number).getBytes(US_ASCII);
        return ByteBuffer.allocate(HEADER + 1 + 2 * Integer.BYTES + item.length)
                .put(Entry.RESULTS)
                .putInt(0)
                .put(Entry.SEND)
                .putInt(0)
                .putInt(item.length)
                .put(item)
                .flip();
    }

    private void arrived(ChildHost.Life from, int number) {
        task.arrived(from, results(number).position(HEADER));
    }

    private void runAllTurns() {
        for (Runnable turn = turns.poll(); turn != null; turn = turns.poll()) {
            turn.run();
        }
    }

    @Test
    void whatAChildSaysBeforeTheTaskHasSeenItIsPassedOnAndTheNextFrameIsRead() throws Exception {
        try (ChildProcess child = echo()) {
            ChildHost.Life life = host.new Life(child);
            child.pipe().write(results(2));
            task.isUp(life);
            arrived(life, 1);
            runAllTurns();

            assertThat(sink.items).startsWith(1);
            while (sink.items.size() < 2) {
                turns.take().run();
            }
            assertThat(sink.items).containsExactly(1, 2);
            assertThat(task.restarts()).isZero();
        }
    }

    @Test
    void aChildThatIsGoneBeforeTheTaskHasSeenItComesBeforeItsSuccessor() throws Exception {
        try (ChildProcess first = echo();
                ChildProcess second = echo()) {
            ChildHost.Life gone = host.new Life(first);
            ChildHost.Life next = host.new Life(second);
            task.isUp(gone);
            arrived(gone, 1);
            task.isDown(gone);
            task.isUp(next);
            arrived(next, 2);
            arrived(gone, 3);
            runAllTurns();

            assertThat(sink.items).containsExactly(1, 2);
            assertThat(task.restarts()).isEqualTo(1);
        }
    }
}
