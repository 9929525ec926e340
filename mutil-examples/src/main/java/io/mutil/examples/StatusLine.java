package io.mutil.examples;

import java.io.Console;
import java.io.PrintStream;

/** One line that is written over and over: in place on a terminal, below each other elsewhere. */
final class StatusLine {
    private static final String CLEAR_REST = "\u001b[K";

    private final PrintStream out;
    private final boolean inPlace;

    StatusLine(PrintStream out) {
        this(out, isTerminal());
    }

    StatusLine(PrintStream out, boolean inPlace) {
        this.out = out;
        this.inPlace = inPlace;
    }

    void show(String text) {
        if (inPlace) {
            out.print("\r" + text + CLEAR_REST);
        } else {
            out.println(text);
        }
        out.flush();
    }

    @SuppressWarnings("SystemConsoleNull") // it does on the JDKs below 22
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since JDK 22 there is a console without a terminal too, and this tells.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
