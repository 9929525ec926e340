package io.mutil.wproxy;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program: a proxy as the command line says. */
@Command(
        name = "wproxy",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        usageHelpWidth = 120,
        customSynopsis = "Usage: wproxy [OPTION]... [HOST [PORT [URI]]]",
        synopsisHeading = "",
        description = "Lets many WebSocket clients share one upstream, each with subscriptions of its own.",
        footer = {
            "",
            "TIME is 20ms, 5s, 2m or 1h. SIZE is a number of bytes, or 64k, 16m, 1g. SECRET is the text itself, @FILE for",
            "what is in a file, or env:NAME for what is in an environment variable.",
            "",
            "Each line of a token file is a token, or a token, a space and the keys that it may subscribe to, as AAPL,MSFT;",
            "lines that begin with # mean nothing. Clients send 'Authorization: Bearer TOKEN' or connect to /?token=TOKEN.",
            "A token without keys stands for all of them, and sees the --status.",
            "",
            "Clients may always send {\"stats\": true}, which is answered with figures of themselves.",
            "",
            "SIGTERM and SIGINT end it cleanly. Exit status: 0 ended, 1 could not start or failed, 2 wrong usage."
        })
final class WProxyCommand implements Callable<Integer> {
    private static final URI DEFAULT_UPSTREAM = URI.create("ws://127.0.0.1:4442");

    private final PrintStream out;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "address to listen on; 0.0.0.0 is all (default: ${DEFAULT-VALUE})")
    private String host = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PORT",
            defaultValue = "6222",
            converter = Units.ForPort.class,
            description = "port to listen on; 0 is a free one (default: ${DEFAULT-VALUE})")
    private int port;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "URI",
            description = "the upstream, ws or wss (default: ws://127.0.0.1:4442)")
    private @Nullable URI uri;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "spread the ends of connections over so long at the end (default: ${DEFAULT-VALUE})")
    private Duration drain = Duration.ZERO;

    @ArgGroup(validate = false, heading = "%nUpstream%n")
    private final UpstreamOptions upstreamOptions = new UpstreamOptions();

    @ArgGroup(validate = false, heading = "%nRecordings%n")
    private final RecordingOptions recordingOptions = new RecordingOptions();

    @ArgGroup(validate = false, heading = "%nClients%n")
    private final ClientOptions clientOptions = new ClientOptions();

    /** @param out gets what is said about the start and the end */
    WProxyCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        WProxy proxy;
        Upstream upstream;
        try {
            upstream = upstream();
            proxy = proxy(upstream);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(new Shutdown(proxy, drain, out), "wproxy-shutdown"));
        out.println("listening on " + address(proxy) + ", " + upstream);
        warnIfOpen();
        proxy.await();
        return 0;
    }

    /** As the user knows it; the URI of the proxy is for this machine. */
    private String address(WProxy proxy) {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return proxy.uri().getScheme() + "://" + name + ":" + proxy.port() + "/";
    }

    private Upstream upstream() throws IOException {
        Upstream replay = recordingOptions.upstream();
        if (replay == null) {
            return upstreamOptions.upstream(uri == null ? DEFAULT_UPSTREAM : uri);
        }
        if (uri != null || upstreamOptions.isAboutConnections()) {
            throw new IllegalArgumentException("--replay takes the place of an upstream; leave out its URI and what is "
                    + "about connecting to it");
        }
        return replay;
    }

    private WProxy proxy(Upstream upstream) throws IOException {
        WProxy.Builder proxy = WProxy.builder(upstream).listen(host, port);
        upstreamOptions.applyTo(proxy);
        recordingOptions.applyTo(proxy);
        clientOptions.applyTo(proxy);
        WProxy.Builder.checked("--drain", drain);
        return proxy.start();
    }

    private void warnIfOpen() throws UnknownHostException {
        if (!clientOptions.hasTokens() && !InetAddress.getByName(host).isLoopbackAddress()) {
            System.getLogger(WProxyCommand.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "everybody who can reach this port may subscribe; --token-file changes that");
        }
    }
}
