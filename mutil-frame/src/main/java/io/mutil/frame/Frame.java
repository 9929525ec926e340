package io.mutil.frame;

import java.io.PrintStream;
import tech.tablesaw.api.Table;

/**
 * Prints whole tables, every row and every column, in the present width of the terminal.
 *
 * <pre>{@code
 * Table table = Table.create("fills", StringColumn.create("symbol", "IBM"), DoubleColumn.create("price", new double[] {231.5}));
 * Frame.print(table, System.out);
 * }</pre>
 *
 * <p>Choices are with {@link FramePrinter}, other sources with {@link Rows}.
 */
public final class Frame {
    private static final FramePrinter PLAIN = FramePrinter.builder().build();

    private Frame() {}

    /** Prints a table with the choices that a {@link FramePrinterBuilder} begins with. */
    public static void print(Table table, PrintStream out) {
        PLAIN.print(Rows.of(table), out);
    }

    /** Prints rows of any kind with the same choices. */
    public static void print(Rows rows, PrintStream out) {
        PLAIN.print(rows, out);
    }
}
