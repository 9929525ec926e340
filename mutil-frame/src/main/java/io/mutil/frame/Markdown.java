package io.mutil.frame;

/** What is markup in the text of a cell, by CommonMark 0.31 and GitHub Flavored Markdown. */
final class Markdown {
    private static final int LONGEST_ENTITY = 34;
    /** Of an item in a list. */
    private static final int LONGEST_NUMBER = 9;

    private Markdown() {}

    /** Whether the text holds a character that may be. */
    static boolean mayBeMarkup(char c) {
        return switch (c) {
            case '\\', '|', '`', '*', '_', '[', ']', '<', '~', '&', ':', '.' -> true;
            default -> false;
        };
    }

    /** Whether the character needs a backslash to be itself. */
    static boolean isMarkup(String text, int at) {
        return switch (text.charAt(at)) {
            case '\\', '|', '`', '*', '[', ']', '<', '~' -> true;
            // between letters it never is
            case '_' -> !isWord(text, at - 1) || !isWord(text, at + 1);
            case '&' -> isEntity(text, at);
            // an address that became a link by itself would take the backslashes behind them for its own
            case ':' -> text.startsWith("//", at + 1);
            case '.' -> text.regionMatches(true, at - 3, "www", 0, 3);
            default -> false;
        };
    }

    private static boolean isWord(String text, int at) {
        return at >= 0 && at < text.length() && isWord(text.charAt(at));
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Where a paragraph needs a backslash so that it does not begin a heading, a list or a quote; -1 if nowhere. */
    static int blockMarker(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == text.length() || at > LONGEST_NUMBER) {
            return -1;
        }
        return (at == 0 ? "#+->" : ".)").indexOf(text.charAt(at)) >= 0 ? at : -1;
    }

    private static boolean isEntity(String text, int at) {
        int to = at + 1;
        if (to < text.length() && text.charAt(to) == '#') {
            to++;
        }
        while (isWord(text, to) && to - at < LONGEST_ENTITY) {
            to++;
        }
        return to > at + 1 && to < text.length() && text.charAt(to) == ';';
    }
}
