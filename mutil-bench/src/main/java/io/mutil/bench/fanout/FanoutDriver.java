package io.mutil.bench.fanout;

import io.mutil.bench.fanout.FanoutOptions.Mode;
import java.io.PrintStream;
import java.util.List;

/**
 * Measures proxies that take messages from one upstream and pass them on to many WebSocket clients, ours beside its peers.
 *
 * <pre>
 *   java -cp mutil-bench/target/benchmarks.jar io.mutil.bench.fanout.FanoutDriver
 *       [--mode throughput,latency,memory,recovery] [--clients 1,100,1000,5000] [--seconds 5] [--rounds 3] ...
 * </pre>
 *
 * <p>The upstream and all clients are in this JVM, the proxy in a process of its own. In every round each contestant has its
 * turn with the same traffic: it is started anew, its clients subscribe, and every one of them gets a message before anything
 * counts. Messages are JSON objects of 200 bytes. With {@code all} traffic every client gets every message, with {@code keyed}
 * traffic each has subscribed to one of 100 keys, which take turns. Each client checks that the messages of its own come once
 * and in order.
 *
 * <p>The upstream is at most a window ahead of the slowest client that reads, for all contestants alike: half a million
 * deliveries, and 4,096 messages for each client. {@code --array 10} puts ten messages into one frame of the upstream where
 * the traffic is {@code all}.
 *
 * <p>Exits with 0 if everything ran and nothing was lost by those that should lose nothing, with 1 if not, with 2 if an option
 * is wrong. Contestants that are not installed are left out.
 */
public final class FanoutDriver {
    private final PrintStream out;
    private final FanoutOptions options;

    FanoutDriver(PrintStream out, FanoutOptions options) {
        this.out = out;
        this.options = options;
    }

    /** Runs the driver. */
    public static void main(String[] args) throws InterruptedException {
        FanoutOptions options;
        try {
            options = FanoutOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(new FanoutDriver(System.out, options).run() ? 0 : 1);
    }

    /** Whether everything ran and nothing was lost that should not be. */
    boolean run() throws InterruptedException {
        List<Contestant> contestants = Contestants.present(options.contestants(), out);
        try (var sockets = new Sockets(options.loops())) {
            var run = new Run(out, options, sockets, contestants, new Run.Verdict());
            for (Mode mode : options.modes()) {
                measure(mode, run);
            }
            return run.verdict().isGood() && !contestants.isEmpty();
        }
    }

    private static void measure(Mode mode, Run run) throws InterruptedException {
        switch (mode) {
            case THROUGHPUT -> new Throughput(run).measure();
            case LATENCY -> new Latency(run).measure();
            case MEMORY -> new Memory(run).measure();
            case RECOVERY -> new Recovery(run).measure();
        }
    }
}
