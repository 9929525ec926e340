package io.mutil.examples;

import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Dataflow;
import io.mutil.dataflow.PipeIngress;
import io.mutil.dataflow.PipeOpener;
import io.mutil.dataflow.RunningDataflow;
import io.mutil.dataflow.WebSocketEgress;
import io.mutil.dataflow.Workers;
import io.mutil.pipe.ChildProcess;
import io.mutil.pipe.Pipe;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Trades in by pipes, one worker for each; bars of one second out on one port, and every 250 ms what each pipe has brought on
 * another.
 *
 * <p>The trades come from child processes that make them up, or from recorded files, which are frames of JSON as the
 * children print them.
 */
@Command(
        name = "bars",
        mixinStandardHelpOptions = true,
        version = "mutil bars 0.1.0",
        description = "Makes one-second price bars of trades that come in by pipes.")
public final class Bars implements Callable<Integer> {
    private static final String LOCAL = "127.0.0.1";

    @Option(names = "--pipes", paramLabel = "N", description = "how many feeds (default: ${DEFAULT-VALUE})")
    private int pipes = 3;

    @Option(names = "--bars", paramLabel = "PORT", description = "where bars leave (default: ${DEFAULT-VALUE})")
    private int bars = 4442;

    @Option(
            names = "--statistics",
            paramLabel = "PORT",
            description = "where figures leave (default: ${DEFAULT-VALUE})")
    private int statistics = 4443;

    @Option(
            names = "--page",
            paramLabel = "PORT",
            description = "where a browser sees it at work (default: ${DEFAULT-VALUE})")
    private int page = 4440;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "recorded trades, instead of feeds")
    private List<Path> files = List.of();

    private final PrintStream out;

    /** Writes to the given stream; package-private so that tests can read along. */
    Bars(PrintStream out) {
        this.out = out;
    }

    /** Runs until Ctrl-C, or the end of the files. */
    public static void main(String... args) {
        int exitCode = new CommandLine(new Bars(System.out)).execute(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** The topology, with sources and ports as the options say. */
    Dataflow flow() {
        List<PipeOpener> sources = sources();
        return Dataflow.named("bars")
                .from(PipeIngress.of(
                        JsonCodec.of(Trade.class),
                        sources.get(0),
                        sources.subList(1, sources.size()).toArray(PipeOpener[]::new)))
                .through(Workers.<Trade, Update>startedBy(context -> new BarMaker(context.index()))
                        .named("make-bars")
                        .howMany(sources.size())
                        .routeBySender()
                        .tickEvery(Duration.ofMillis(250)))
                .to(egress("bars", bars).filter(update -> update instanceof Update.Bar))
                .to(egress("statistics", statistics).filter(update -> update instanceof Update.Statistics))
                .page(LOCAL, page)
                .build();
    }

    private List<PipeOpener> sources() {
        List<PipeOpener> sources = new ArrayList<>();
        for (Path file : files) {
            sources.add(() -> Pipe.builder().reading(Files.newInputStream(file)));
        }
        for (int i = 0; i < pipes && files.isEmpty(); i++) {
            List<String> command = SameJvm.command(Trades.class, String.valueOf(i));
            sources.add(PipeOpener.child(() -> ChildProcess.start(new ProcessBuilder(command))));
        }
        return sources;
    }

    private static WebSocketEgress<Update> egress(String name, int port) {
        // of Object, so that each kind of update is written as what it is
        return WebSocketEgress.<Update>listen(LOCAL, port, JsonCodec.of(Object.class))
                .named(name);
    }

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        if (pipes < 1) {
            System.err.println("bars: --pipes must be positive, was " + pipes);
            return 2;
        }
        RunningDataflow running;
        try {
            running = flow().start();
        } catch (BindException e) {
            System.err.println("bars: " + e.getMessage() + " (--bars, --statistics and --page choose ports)");
            return 1;
        }
        try (running) {
            StopOnSignal.close(running, out);
            out.println("bars " + running.uri("bars") + "  statistics " + running.uri("statistics") + "  page "
                    + running.page().orElseThrow() + "  (Ctrl-C stops)");
            running.await();
            return 0;
        }
    }
}
