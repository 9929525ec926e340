package io.mutil.frame;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.lang.StackWalker.StackFrame;
import org.jspecify.annotations.Nullable;

/**
 * Prints tables with choices of one's own: to a stream, to a log, or to a string.
 *
 * <pre>{@code
 * record Fill(String symbol, long shares, double price) {}
 * List<Fill> fills = List.of(new Fill("IBM", 100, 231.5), new Fill("MSFT", -20, 512.25));
 * FramePrinter printer = FramePrinter.builder().caption("Fills").border(Border.ASCII).decimals("price", 4).build();
 * printer.print(Rows.ofRecords(fills, Fill.class), System.out);
 * }</pre>
 *
 * <p>No line is wider than the width, which is what {@link FramePrinterBuilder#width} says, else the variable {@code COLUMNS}, else
 * what the terminal has at that moment, for strings and logs the one that the standard output is, else 80. A width is counted in cells
 * of a terminal: two for a Chinese character or an emoji, none for a combining mark; where terminals differ, the larger
 * number, except for emoji joined to one and for ambiguous characters. Lines end with {@code \n}.
 *
 * <p>All rows are measured before the first is printed, so a column is equally wide on every page. What they hold is formatted again
 * when it is printed, and is not kept.
 *
 * <p>In cells, control characters are shown as their pictures ({@code ␊} is a line feed, {@code ␉} a tab), those of C1 and of writing
 * direction as {@code \}{@code u{202E}}, and half of a surrogate pair as {@code U+FFFD}.
 *
 * <p>Safe for use by many threads.
 */
public final class FramePrinter {
    private final Choices choices;
    private final Terminal terminal;

    FramePrinter(Choices choices, Terminal terminal) {
        this.choices = choices;
        this.terminal = terminal;
    }

    /** Begins with what suits a terminal. */
    public static FramePrinterBuilder builder() {
        return new FramePrinterBuilder();
    }

    /**
     * Prints to a stream, in pieces of about 32,000 characters; does not close or flush it.
     *
     * <p>{@code System.out} and {@code System.err} are a terminal if the standard output or error of the process is one. Where
     * {@code System.setOut} has put another stream, {@link FramePrinterBuilder#width} and {@link FramePrinterBuilder#colours} tell.
     */
    public void print(Rows rows, PrintStream out) {
        requireNonNull(out, "out");
        boolean colours =
                choices.colours() == Colours.AUTO ? terminal.hasColours(out) : choices.colours() == Colours.ALWAYS;
        write(rows, width(out), colours, new Buffer(out));
    }

    /** Returns all lines, each with its end. */
    public String format(Rows rows) {
        var all = new Buffer(null);
        write(rows, width(null), choices.colours() == Colours.ALWAYS, all);
        return all.toString();
    }

    /**
     * Logs one event, with the name of the calling class for that of the logger.
     *
     * @see #log(Rows, System.Logger, System.Logger.Level)
     */
    public void log(Rows rows, System.Logger.Level level) {
        StackFrame caller = LogEvent.caller();
        log(rows, System.getLogger(caller.getClassName()), level, caller);
    }

    /**
     * Logs one event that begins with a line break, so that all columns begin at the left. Nothing is read or formatted if the level
     * is not logged.
     *
     * <p>Where the logger ends in {@code java.util.logging}, class and method of the event are those that call this. Other backends
     * look for the caller of {@code System.Logger} and find this class. With these, log it yourself:
     * {@code logger.log(level, () -> printer.format(rows))}.
     */
    public void log(Rows rows, System.Logger logger, System.Logger.Level level) {
        log(rows, logger, level, LogEvent.caller());
    }

    private void log(Rows rows, System.Logger logger, System.Logger.Level level, StackFrame caller) {
        if (logger.isLoggable(level)) {
            String text = format(rows);
            LogEvent.log(logger, level, "\n" + text.substring(0, Math.max(0, text.length() - 1)), caller);
        }
    }

    private int width(@Nullable PrintStream out) {
        return choices.width() > 0 ? choices.width() : terminal.width(out);
    }

    private void write(Rows rows, int width, boolean colours, Buffer to) {
        new Page(choices, requireNonNull(rows, "rows"), width, colours, to).write();
    }

    @Override
    public String toString() {
        return "FramePrinter[" + choices + "]";
    }
}
