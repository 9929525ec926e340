package io.mutil.frame;

/** What is drawn around cells. */
public enum Border {
    /** Nothing: two spaces between columns. */
    NONE("", "  ", "", "", "", ""),

    /** {@code +---+} and {@code |}. */
    ASCII("| ", " | ", " |", "+-++", "+-++", "+-++"),

    /** Box-drawing characters, for streams that encode them. */
    UNICODE("│ ", " │ ", " │", "┌─┬┐", "├─┼┤", "└─┴┘"),

    /**
     * Tables of GitHub Flavored Markdown. What Markdown would take for markup is escaped, so is what would make a link of a web address,
     * a line break in a cell is {@code <br>}, and where a header is repeated a new table begins.
     */
    MARKDOWN("| ", " | ", " |", "", "", "");

    private final String left;
    private final String between;
    private final String right;
    private final String top;
    private final String middle;
    private final String bottom;

    Border(String left, String between, String right, String top, String middle, String bottom) {
        this.left = left;
        this.between = between;
        this.right = right;
        this.top = top;
        this.middle = middle;
        this.bottom = bottom;
    }

    String left() {
        return left;
    }

    String between() {
        return between;
    }

    String right() {
        return right;
    }

    /** Left end, line, crossing and right end of a rule; empty if there is none. */
    String top() {
        return top;
    }

    String middle() {
        return middle;
    }

    String bottom() {
        return bottom;
    }

    /** How narrow a column may be. */
    int narrowest() {
        return this == MARKDOWN ? 3 : 1;
    }

    /** How many cells a line of so many columns takes beside their text. */
    int around(int columns) {
        return left.length() + right.length() + between.length() * (columns - 1);
    }
}
