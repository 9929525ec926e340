package io.mutil.frame;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Choices for a {@link FramePrinter}. Single use, not thread-safe. */
public final class FramePrinterBuilder {
    private static final Terminal TERMINAL = Terminal.ofProcess();
    private static final int MAX_DECIMALS = 6;

    private final Map<String, Integer> decimalsOf = new HashMap<>();
    private Terminal terminal = TERMINAL;
    private int width;
    private Border border = Border.UNICODE;
    private Wide wide = Wide.WRAP;
    private @Nullable String caption;
    private int headerEvery;
    private String nulls = "";
    private int decimals = -1;
    private int maxDecimals = MAX_DECIMALS;
    private boolean grouping;
    private boolean index = true;
    private boolean count = true;
    private Colours colours = Colours.AUTO;

    FramePrinterBuilder() {}

    /**
     * How wide lines may be, in cells of a terminal. Default: the variable {@code COLUMNS}, else what the terminal has when it is
     * printed, else 80; at least 20 in any case.
     *
     * @param cells 20 or more
     */
    public FramePrinterBuilder width(int cells) {
        width = Checks.atLeast(Terminal.NARROWEST, "width", cells);
        return this;
    }

    /** What is drawn around cells. Default: {@link Border#UNICODE}. */
    public FramePrinterBuilder border(Border border) {
        this.border = requireNonNull(border, "border");
        return this;
    }

    /** What becomes of a table that is wider than that. Default: {@link Wide#WRAP}. */
    public FramePrinterBuilder wide(Wide wide) {
        this.wide = requireNonNull(wide, "wide");
        return this;
    }

    /** A line above the table, cut if it is too wide; in Markdown a paragraph. Default: none. */
    public FramePrinterBuilder caption(String caption) {
        this.caption = requireNonNull(caption, "caption");
        return this;
    }

    /**
     * Repeats the header after every so many rows, with columns as wide as before. Default: only above the first row.
     *
     * @param rows positive
     */
    public FramePrinterBuilder headerEvery(int rows) {
        headerEvery = Checks.positive("headerEvery", rows);
        return this;
    }

    /** What stands for a missing value. Default: nothing. */
    public FramePrinterBuilder nulls(String text) {
        nulls = requireNonNull(text, "nulls");
        return this;
    }

    /**
     * How many decimals the numbers of {@link CellType#DECIMAL} columns have, rounded half to even by their exact value. Default: as
     * many as write all numbers of a column completely, one or more for {@code double} and {@code float}, up to
     * {@link #maxDecimals}.
     *
     * <p>Doubles of 1e15 and more have an exponent instead, and so have those that would be shown as zero and are not, unless their
     * decimals were given.
     *
     * @param decimals 0 to 15
     */
    public FramePrinterBuilder decimals(int decimals) {
        this.decimals = Checks.decimals("decimals", decimals);
        return this;
    }

    /**
     * How many decimals the numbers of columns of one name have, {@link CellType#INTEGER} too. A table may have none of that name.
     *
     * @param decimals 0 to 15
     */
    public FramePrinterBuilder decimals(String column, int decimals) {
        decimalsOf.put(requireNonNull(column, "column"), Checks.decimals("decimals", decimals));
        return this;
    }

    /**
     * How many decimals there are at most where nothing else is said.
     *
     * @param decimals 0 to 15; default 6
     */
    public FramePrinterBuilder maxDecimals(int decimals) {
        maxDecimals = Checks.decimals("maxDecimals", decimals);
        return this;
    }

    /** Whether there is a comma before every three digits of a number. Default: no. */
    public FramePrinterBuilder grouping(boolean grouping) {
        this.grouping = grouping;
        return this;
    }

    /** Whether each line begins with the number of its row, from 0 on. Default: yes. */
    public FramePrinterBuilder index(boolean index) {
        this.index = index;
        return this;
    }

    /** Whether the end tells how many rows and columns there are, and how many columns are cut or hidden. Default: yes. */
    public FramePrinterBuilder count(boolean count) {
        this.count = count;
        return this;
    }

    /** When there are colours. Default: {@link Colours#AUTO}. */
    public FramePrinterBuilder colours(Colours colours) {
        this.colours = requireNonNull(colours, "colours");
        return this;
    }

    /** For tests. */
    FramePrinterBuilder terminal(Terminal terminal) {
        this.terminal = terminal;
        return this;
    }

    /** Makes the printer. */
    public FramePrinter build() {
        var choices = new Choices(
                width,
                border,
                wide,
                caption,
                headerEvery,
                nulls,
                decimals,
                Map.copyOf(decimalsOf),
                maxDecimals,
                grouping,
                index,
                count,
                colours);
        return new FramePrinter(choices, terminal);
    }
}
