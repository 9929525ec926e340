package io.mutil.bench;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Items per second from a source, through one level of 64 workers that add one, to a sink for odd and a sink for even
 * results, without sockets.
 *
 * <p>One operation is an item. Each contestant gets a million boxed numbers from the same prepared array, boxes a million
 * results, and has to deliver all of them before the clock stops; count and sum are checked each time. The peers keep
 * their threads from one million to the next, while {@code mutil} starts and drains a whole topology for each.
 *
 * <ul>
 *   <li>{@code mutil}: {@link MutilFlow}.
 *   <li>{@code disruptorBlocking}, {@code disruptorYielding}: {@link DisruptorFlow}.
 *   <li>{@code jet}: {@link JetFlow}.
 *   <li>{@code executor}: {@link ExecutorFlow}.
 * </ul>
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class DataflowSuite {
    static final int WORKERS = 64;
    static final int ITEMS = 1_000_000;
    static final int EDGE = 1024;

    /** For JMH. */
    public DataflowSuite() {}

    /** Our topology on its default threads. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void mutil(Mutil state) throws IOException, InterruptedException, ExecutionException {
        state.flow.pass(ITEMS);
    }

    /** LMAX Disruptor whose threads block while they have nothing to do. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void disruptorBlocking(DisruptorBlocking state) throws InterruptedException {
        state.flow.pass(ITEMS);
    }

    /** LMAX Disruptor whose threads spin and yield while they have nothing to do. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void disruptorYielding(DisruptorYielding state) throws InterruptedException {
        state.flow.pass(ITEMS);
    }

    /** Hazelcast Jet, one member in this JVM, with the options that it asks for. */
    @Benchmark
    @Fork(
            jvmArgsAppend = {
                "--add-modules=java.se",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.management/sun.management=ALL-UNNAMED",
                "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED"
            })
    @OperationsPerInvocation(ITEMS)
    public void jet(Jet state) throws InterruptedException {
        state.flow.pass(ITEMS);
    }

    /** A thread with a queue for each worker and each sink. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void executor(Executor state) throws InterruptedException {
        state.flow.pass(ITEMS);
    }

    /** State of {@code mutil}. */
    @State(Scope.Benchmark)
    public static class Mutil {
        private final MutilFlow flow = new MutilFlow();

        /** For JMH. */
        public Mutil() {}
    }

    /** State of {@code disruptorBlocking}. */
    @State(Scope.Benchmark)
    public static class DisruptorBlocking {
        private final DisruptorFlow flow = DisruptorFlow.blocking();

        /** For JMH. */
        public DisruptorBlocking() {}

        /** Starts the threads. */
        @Setup
        public void start() {
            flow.start();
        }

        /** Ends the threads. */
        @TearDown
        public void close() {
            flow.close();
        }
    }

    /** State of {@code disruptorYielding}. */
    @State(Scope.Benchmark)
    public static class DisruptorYielding {
        private final DisruptorFlow flow = DisruptorFlow.yielding();

        /** For JMH. */
        public DisruptorYielding() {}

        /** Starts the threads. */
        @Setup
        public void start() {
            flow.start();
        }

        /** Ends the threads. */
        @TearDown
        public void close() {
            flow.close();
        }
    }

    /** State of {@code jet}. */
    @State(Scope.Benchmark)
    public static class Jet {
        private final JetFlow flow = new JetFlow();

        /** For JMH. */
        public Jet() {}

        /** Starts the job. */
        @Setup
        public void start() {
            flow.start();
        }

        /** Ends the member. */
        @TearDown
        public void close() {
            flow.close();
        }
    }

    /** State of {@code executor}. */
    @State(Scope.Benchmark)
    public static class Executor {
        private final ExecutorFlow flow = new ExecutorFlow();

        /** For JMH. */
        public Executor() {}

        /** Starts the threads. */
        @Setup
        public void start() {
            flow.start();
        }

        /** Ends the threads. */
        @TearDown
        public void close() {
            flow.close();
        }
    }
}
