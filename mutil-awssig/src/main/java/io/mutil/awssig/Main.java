package io.mutil.awssig;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** Signs a request as a program; {@code --help} says how. */
final class Main {
    private static final String NAME = "awssig";

    private Main() {}

    public static void main(String... args) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int status = run(System::getenv, Clock.systemUTC(), out, err, args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Gives the exit status. */
    static int run(Variables variables, Clock clock, PrintWriter out, PrintWriter err, String... args) {
        int status = new CommandLine(new SignCommand(variables, clock, out))
                .registerConverter(Duration.class, new SignOptions.ForTime())
                .registerConverter(URI.class, new SignOptions.ForUri())
                .setExpandAtFiles(false)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Main::explainUsage)
                .setExecutionExceptionHandler(Main::explainFailure)
                .execute(args);
        if (status == 0 && out.checkError()) {
            err.println(NAME + ": the output cannot be written; look at where it goes, and at the room there");
            return CommandLine.ExitCode.SOFTWARE;
        }
        return status;
    }

    private static int explainUsage(ParameterException e, String[] args) {
        e.getCommandLine().getErr().println(NAME + ": " + e.getMessage());
        e.getCommandLine().getErr().println("--help tells all options");
        return CommandLine.ExitCode.USAGE;
    }

    private static int explainFailure(Exception e, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (!(e instanceof IOException) && !(e instanceof CredentialsException)) {
            throw e;
        }
        command.getErr().println(NAME + ": " + e.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The version in the manifest of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {NAME + " " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
