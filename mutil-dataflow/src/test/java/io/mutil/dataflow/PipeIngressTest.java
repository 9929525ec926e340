package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Flows.Collected;
import io.mutil.pipe.ChildProcess;
import io.mutil.pipe.Pipe;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PipeIngressTest {
    private static final JsonCodec<Long> LONGS = JsonCodec.of(Long.class);

    private final Collected<Long> sink = Flows.collect();

    private static PipeOpener shell(String script) {
        return PipeOpener.child(() -> ChildProcess.start(new ProcessBuilder("sh", "-c", script)));
    }

    private static Path fifo(Path directory) throws Exception {
        assumeTrue(File.separatorChar == '/', "skipped without FIFOs");
        Path path = directory.resolve("fifo");
        int status = new ProcessBuilder("mkfifo", path.toString()).start().waitFor();
        assumeTrue(status == 0, "skipped because mkfifo failed");
        return path;
    }

    private static void write(Pipe pipe, long from, long to) throws Exception {
        for (long n = from; n < to; n++) {
            pipe.write(ByteBuffer.wrap(Long.toString(n).getBytes(UTF_8)));
        }
    }

    /** A pipe of this process that holds these texts and then ends. */
    private static PipeOpener holding(List<String> texts) {
        return () -> {
            Pipe pipe = Pipe.open();
            for (String text : texts) {
                var unused = pipe.writeAsync(ByteBuffer.wrap(text.getBytes(UTF_8)));
            }
            var unused = pipe.closeOutputAsync();
            return pipe;
        };
    }

    private static Dataflow into(Ingress<Long> ingress, Sink<Long> sink) {
        return Dataflow.named("pipes").from(ingress).to(Egress.into(sink)).build();
    }

    @Test
    void childrenAndAFifoAreReadToTheirEnds(@TempDir Path directory) throws Exception {
        Path path = fifo(directory);
        Ingress<Long> pipes = PipeIngress.of(
                LONGS,
                PipeOpener.child(() -> ChildProcess.start(PipeChild.numbers(0, 5000, 0))),
                () -> Pipe.builder().readFifo(path),
                PipeOpener.child(() -> ChildProcess.start(PipeChild.numbers(20_000, 25_000, 0))));

        try (RunningDataflow running = into(pipes, sink).start()) {
            try (Pipe out = Pipe.builder().writeFifo(path)) {
                write(out, 10_000, 15_000);
            }
            running.await();
            assertThat(Flows.level(running, "in").errors()).isZero();
            assertThat(Flows.level(running, "in").width()).isEqualTo(3);
            assertThat(running.stats().lost()).isZero();
        }

        assertThat(sink.items).hasSize(15_000);
        for (long from : List.of(0L, 10_000L, 20_000L)) {
            assertThat(sink.items.stream().filter(n -> n >= from && n < from + 5000))
                    .isEqualTo(Flows.range(from, from + 5000));
        }
    }

    @Test
    void aPipeThatBreaksCountsAndTheOthersGoOn() throws Exception {
        assumeTrue(File.separatorChar == '/', "skipped without a Unix shell");
        Ingress<Long> pipes = PipeIngress.of(
                LONGS,
                shell("printf '\\001\\000\\000\\0007\\011\\000\\000\\000ab'"),
                shell("printf '\\001\\000\\000\\0008'; exit 3"),
                shell("printf '\\001\\000\\000\\0009'"),
                holding(Flows.texts(100, 1100)));

        try (var log = LogLines.of(Dataflow.class, Level.WARNING);
                RunningDataflow running = into(pipes, sink).start()) {
            running.await();
            assertThat(Flows.level(running, "in").errors()).isEqualTo(2);
            assertThat(log.at(Level.WARNING)).hasSize(2);
            assertThat(log.at(Level.WARNING))
                    .anySatisfy(line -> assertThat(line)
                            .contains("child ", " of 'in' broke: ")
                            .doesNotContain("ab'"));
            assertThat(log.at(Level.WARNING))
                    .anySatisfy(line -> assertThat(line).contains("of 'in' ended with status 3; the rest"));
        }

        assertThat(sink.items).hasSize(1003).contains(7L, 8L, 9L);
        assertThat(sink.items.stream().filter(n -> n >= 100)).isEqualTo(Flows.range(100, 1100));
    }

    @Test
    void aChildThatIsKilledCountsAndTheTopologyEnds() throws Exception {
        assumeTrue(File.separatorChar == '/', "skipped without a Unix shell");
        var children = Collections.synchronizedList(new ArrayList<ChildProcess>());
        PipeOpener endless = PipeOpener.child(() -> {
            ChildProcess child = ChildProcess.start(PipeChild.numbers(0, Long.MAX_VALUE, 0));
            children.add(child);
            return child;
        });

        try (var log = LogLines.of(Dataflow.class, Level.WARNING);
                RunningDataflow running =
                        into(PipeIngress.of(LONGS, endless), sink).start()) {
            Eventually.until("it flows", () -> sink.items.size() > 1000);

            children.get(0).process().destroyForcibly();

            running.await();
            assertThat(Flows.level(running, "in").errors()).isEqualTo(1);
            assertThat(log.at(Level.WARNING)).hasSize(1).first().asString().contains("ended with status 137");
        }
        assertThat(sink.items).isEqualTo(Flows.range(0, sink.items.size()));
    }

    @Test
    void aCloseInTheMiddleEndsTheChildren() throws Exception {
        var children = Collections.synchronizedList(new ArrayList<ChildProcess>());
        PipeOpener endless = PipeOpener.child(() -> {
            ChildProcess child = ChildProcess.builder(PipeChild.numbers(0, Long.MAX_VALUE, 0))
                    .grace(Duration.ofMillis(10))
                    .start();
            children.add(child);
            return child;
        });
        RunningDataflow running = into(PipeIngress.of(LONGS, endless), sink).start();
        Eventually.until("it flows", () -> sink.items.size() > 1000);

        running.close();

        assertThat(children.get(0).process().isAlive()).isFalse();
        assertThat(sink.items).isEqualTo(Flows.range(0, sink.items.size()));
        assertThat(Flows.level(running, "in").errors()).isZero();
        assertThat(running.stats().lost()).isLessThanOrEqualTo(1);
    }

    @Test
    void aStoppedSinkStopsTheWriterAndNothingIsLost() throws Exception {
        int items = 50_000;
        var gate = new CountDownLatch(1);
        Pipe pipe = Pipe.builder()
                .inboundBufferBytes(1 << 12)
                .outboundQueueBytes(1 << 12)
                .open();
        Dataflow flow = Dataflow.named("full")
                .from(PipeIngress.of(LONGS, () -> pipe))
                .to(Egress.<Long>into(n -> {
                            gate.await();
                            sink.accept(n);
                        })
                        .edge(Edge.blocking(2)))
                .build();

        try (RunningDataflow running = flow.start()) {
            var writer = Background.run(() -> {
                write(pipe, 0, items);
                pipe.closeOutput();
            });
            Eventually.until(
                    "the writer has no room",
                    () -> pipe.stats().queuedBytes() > 0
                            && running.stats().edges().get(0).blocked() > 0);
            assertThat(writer).isNotDone();
            gate.countDown();

            writer.get();
            running.await();
        }

        assertThat(sink.items).isEqualTo(Flows.range(0, items));
    }

    @Test
    void aFrameThatCannotBeDecodedIsSkipped() throws Exception {
        PipeOpener opener = holding(List.of("0", "1", "secret", "[2, 3]"));

        try (var log = LogLines.of(Dataflow.class, Level.WARNING);
                RunningDataflow running =
                        into(PipeIngress.of(LONGS, opener), sink).start()) {
            running.await();
            assertThat(Flows.level(running, "in").errors()).isEqualTo(1);
            assertThat(log.at(Level.WARNING)).hasSize(1).first().asString().doesNotContain("secret");
        }
        assertThat(sink.items).isEqualTo(Flows.range(0, 4));
    }

    @Test
    void eachPipeHasAWorkerToItself() throws Exception {
        var seen = List.of(Flows.<Long>collect(), Flows.<Long>collect(), Flows.<Long>collect());
        List<PipeOpener> openers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            openers.add(holding(Flows.texts(i * 1000L, i * 1000L + 1000)));
        }
        Ingress<Long> pipes =
                PipeIngress.of(LONGS, openers.get(0), openers.subList(1, 5).toArray(PipeOpener[]::new));
        Dataflow flow = Dataflow.named("by-sender")
                .from(pipes)
                .through(Workers.<Long, Long>startedBy(context -> (n, out) -> {
                            seen.get(context.index()).accept(n);
                            // turns of a worker's own do not change where the level sends
                            out.send(n);
                        })
                        .howMany(3)
                        .routeBySender())
                .to(Egress.into(sink))
                .build();

        Flows.run(flow);

        for (int worker = 0; worker < 3; worker++) {
            int mine = worker;
            assertThat(seen.get(worker).items)
                    .hasSize(worker == 2 ? 1000 : 2000)
                    .allSatisfy(n -> assertThat((n / 1000) % 3).isEqualTo(mine));
        }
        for (int i = 0; i < 5; i++) {
            long pipe = i;
            assertThat(seen.get(i % 3).items.stream().filter(n -> n / 1000 == pipe))
                    .isEqualTo(Flows.range(pipe * 1000, pipe * 1000 + 1000));
        }
    }

    @Test
    void whatCannotBeOpenedLeavesNothingBehind() throws Exception {
        Pipe first = Pipe.open();
        Ingress<Long> pipes = PipeIngress.of(LONGS, () -> first, () -> {
            throw new IOException("no such pipe");
        });

        assertThatThrownBy(into(pipes, sink)::start)
                .isInstanceOf(IOException.class)
                .hasMessage("no such pipe");

        assertThat(first.stats().open()).isFalse();
    }
}
