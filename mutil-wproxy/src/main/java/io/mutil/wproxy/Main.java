package io.mutil.wproxy;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** Runs a proxy as a program; {@code --help} says how. */
final class Main {
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    private Main() {}

    public static void main(String... args) {
        logOnOneLine();
        int status = commandLine(new WProxyCommand(System.out)).execute(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Time, level and message, unless the user has chosen something. */
    private static void logOnOneLine() {
        if (System.getProperty("java.util.logging.config.file") == null
                && System.getProperty("java.util.logging.config.class") == null
                && System.getProperty(FORMAT) == null) {
            System.setProperty(FORMAT, "%1$tF %1$tT.%1$tL %4$s %5$s%6$s%n");
        }
    }

    /** Reads options into the fields of an object. */
    static CommandLine reader(Object options) {
        return new CommandLine(options)
                .registerConverter(Duration.class, new Units.ForTime())
                .registerConverter(int.class, new Units.ForCount())
                .registerConverter(URI.class, new Units.ForUri())
                // @ stands for files with secrets
                .setExpandAtFiles(false);
    }

    static CommandLine commandLine(WProxyCommand command) {
        return reader(command)
                .setParameterExceptionHandler(Main::explainUsage)
                .setExecutionExceptionHandler(Main::explainFailure);
    }

    private static int explainUsage(ParameterException e, String[] args) {
        e.getCommandLine().getErr().println("wproxy: " + e.getMessage());
        e.getCommandLine().getErr().println("--help tells all options");
        return CommandLine.ExitCode.USAGE;
    }

    private static int explainFailure(Exception e, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (!(e instanceof IOException)) {
            throw e;
        }
        command.getErr().println("wproxy: " + e.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The version in the manifest of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"wproxy " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
