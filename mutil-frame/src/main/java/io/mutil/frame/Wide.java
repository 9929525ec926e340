package io.mutil.frame;

/** What becomes of a table that is wider than the lines may be. */
public enum Wide {
    /**
     * As many columns as fit below each other's rows, then the next ones, each group with the row numbers. A single column that is
     * too wide is cut, with {@code …} where the rest is missing.
     */
    WRAP,

    /**
     * Texts and names are cut until all columns fit, the widest first, each to four cells or more. Numbers, times and truth values
     * stay whole. If it does not fit then either, it is as {@link #WRAP}.
     */
    TRUNCATE,

    /** The first and the last columns, with a column {@code …} for those between. */
    HIDE_MIDDLE,

    /**
     * A line {@code name: value} for each cell, one block for each row, whether it would fit or not. Long values go on below; in
     * Markdown, which has a table for each row, they are cut.
     */
    BLOCKS
}
