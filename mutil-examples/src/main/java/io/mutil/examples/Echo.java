package io.mutil.examples;

import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Dataflow;
import io.mutil.dataflow.RunningDataflow;
import io.mutil.dataflow.WebSocketEgress;
import io.mutil.dataflow.WebSocketIngress;
import io.mutil.dataflow.Workers;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Numbers in by WebSocket, one added by 64 workers, odd numbers out on one port and even ones on another.
 *
 * <p>Without options it also starts a feed and two readers, and shows what passes. With {@code --no-feed} the ports are
 * for real clients, which send JSON arrays of numbers to the first and listen to the others. A page shows it at work.
 */
@Command(
        name = "echo",
        mixinStandardHelpOptions = true,
        version = "mutil echo 0.1.0",
        description = "Adds one to every number that comes in; odd results leave on one port, even ones on another.")
public final class Echo implements Callable<Integer> {
    private static final String LOCAL = "127.0.0.1";

    @Option(names = "--in", paramLabel = "PORT", description = "where numbers come in (default: ${DEFAULT-VALUE})")
    private int in = 2221;

    @Option(names = "--odd", paramLabel = "PORT", description = "where odd numbers leave (default: ${DEFAULT-VALUE})")
    private int odd = 2222;

    @Option(names = "--even", paramLabel = "PORT", description = "where even numbers leave (default: ${DEFAULT-VALUE})")
    private int even = 2223;

    @Option(
            names = "--page",
            paramLabel = "PORT",
            description = "where a browser sees it at work (default: ${DEFAULT-VALUE})")
    private int page = 2220;

    @Option(names = "--workers", paramLabel = "N", description = "how many workers (default: ${DEFAULT-VALUE})")
    private int workers = 64;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "send arrays of up to N numbers, at most 1 ms late, instead of one number per message")
    private int batch;

    @Option(names = "--no-feed", description = "leave the ports to real clients")
    private boolean noFeed;

    private final PrintStream out;

    /** Writes to the given stream; package-private so that tests can read along. */
    Echo(PrintStream out) {
        this.out = out;
    }

    /** Runs until Ctrl-C. */
    public static void main(String... args) {
        int exitCode = new CommandLine(new Echo(System.out)).execute(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** The topology, with ports as the options say. */
    Dataflow flow() {
        JsonCodec<Long> numbers = JsonCodec.of(Long.class);
        return Dataflow.named("echo")
                .from(WebSocketIngress.listen(LOCAL, in, numbers))
                .through(Workers.<Long, Long>of((n, outlet) -> outlet.send(Math.addExact(n, 1)))
                        .named("add-one")
                        .howMany(workers)
                        .routeBy(n -> n))
                .to(egress("odd", odd, numbers).filter(n -> n % 2 != 0))
                .to(egress("even", even, numbers).filter(n -> n % 2 == 0))
                .page(LOCAL, page)
                .build();
    }

    private WebSocketEgress<Long> egress(String name, int port, JsonCodec<Long> numbers) {
        var egress = WebSocketEgress.<Long>listen(LOCAL, port, numbers).named(name);
        return batch > 0 ? egress.batch(batch, Duration.ofMillis(1)) : egress;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        RunningDataflow running;
        try {
            running = flow().start();
        } catch (BindException e) {
            System.err.println("echo: " + e.getMessage() + " (--in, --odd, --even and --page choose ports)");
            return 1;
        }
        try (running) {
            StopOnSignal.close(running, out);
            return run(running);
        }
    }

    private int run(RunningDataflow running) throws IOException, InterruptedException, ExecutionException {
        out.println("in " + running.uri("in") + "  odd " + running.uri("odd") + "  even " + running.uri("even")
                + "  page " + running.page().orElseThrow() + "  (Ctrl-C stops)");
        if (noFeed) {
            running.await();
            return 0;
        }
        try (Demo demo = Demo.start(running)) {
            demo.show(running, new StatusLine(out));
        }
        return 0;
    }
}
