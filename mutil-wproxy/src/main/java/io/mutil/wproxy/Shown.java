package io.mutil.wproxy;

/** Text that a peer chose, as it may stand in a line of the log: short, and one line whatever it holds. */
final class Shown {
    /** In characters. */
    private static final int LONGEST = 300;

    private Shown() {}

    static String of(String text) {
        var shown = new StringBuilder();
        int at = 0;
        while (at < text.length() && shown.length() < LONGEST) {
            int point = text.codePointAt(at);
            append(point, shown);
            at += Character.charCount(point);
        }
        return at < text.length() ? shown.append("...").toString() : shown.toString();
    }

    private static void append(int point, StringBuilder to) {
        if (isPlain(point)) {
            to.appendCodePoint(point);
        } else {
            to.append(String.format("\\u%04x", point));
        }
    }

    /** What ends a line, moves the cursor or turns the direction of text is not. */
    private static boolean isPlain(int point) {
        return !Character.isISOControl(point)
                && switch (Character.getType(point)) {
                    case Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE -> false;
                    default -> true;
                };
    }
}
