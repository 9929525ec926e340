package io.mutil.examples;

import io.mutil.frame.Border;
import io.mutil.frame.FramePrinter;
import io.mutil.frame.FramePrinterBuilder;
import io.mutil.frame.Rows;
import io.mutil.frame.Wide;
import java.io.PrintStream;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What somebody holds, as a table in the width of the terminal. */
@Command(
        name = "holdings",
        mixinStandardHelpOptions = true,
        version = "mutil holdings 0.1.0",
        description = "Prints a table that fits the terminal.")
public final class Holdings implements Callable<Integer> {
    private static final List<Holding> ALL = List.of(
            new Holding("IBM", "International Business Machines", 100, 231.5, 4_150.25, LocalDate.of(2019, 3, 14)),
            new Holding("7203", "トヨタ自動車", 1_200, 18.255, -310.5, LocalDate.of(2024, 2, 29)),
            new Holding("005930", "삼성전자", -40, 51.1, 77, LocalDate.of(2025, 11, 3)),
            new Holding("SAP", "SAP SE 🇩🇪", 15, 248.9, 1_020, null));

    @Option(
            names = "--border",
            paramLabel = "BORDER",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Border border = Border.UNICODE;

    @Option(
            names = "--wide",
            paramLabel = "WIDE",
            description =
                    "what becomes of a table that is too wide: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Wide wide = Wide.WRAP;

    @Option(names = "--width", paramLabel = "N", description = "cells in a line (default: those of the terminal)")
    private @Nullable Integer width;

    private final PrintStream out;

    /** Writes to the given stream; package-private so that tests can read along. */
    Holdings(PrintStream out) {
        this.out = out;
    }

    /** Prints the table once. */
    public static void main(String... args) {
        int exitCode = commandLine(System.out).execute(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    static CommandLine commandLine(PrintStream out) {
        return new CommandLine(new Holdings(out)).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() {
        FramePrinter printer;
        try {
            printer = printer();
        } catch (IllegalArgumentException e) {
            System.err.println("holdings: " + e.getMessage());
            return 2;
        }
        printer.print(Rows.ofRecords(ALL, Holding.class), out);
        return 0;
    }

    private FramePrinter printer() {
        FramePrinterBuilder printer = FramePrinter.builder()
                .caption("Holdings")
                .border(border)
                .wide(wide)
                .grouping(true)
                .decimals("profit", 2)
                .nulls("-");
        return (width == null ? printer : printer.width(width)).build();
    }
}
