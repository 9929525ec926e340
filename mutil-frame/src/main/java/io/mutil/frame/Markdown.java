package io.mutil.frame;

/** What is markup in the text of a cell, by CommonMark 0.31 and GitHub Flavored Markdown. */
final class Markdown {
    private static final int LONGEST_ENTITY = 34;

    private Markdown() {}

    /** Whether the text holds a character that may be. */
    static boolean mayBeMarkup(char c) {
        return switch (c) {
            case '\\', '|', '`', '*', '_', '[', ']', '<', '~', '&' -> true;
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
            default -> false;
        };
    }

    private static boolean isWord(String text, int at) {
        return at >= 0 && at < text.length() && isWord(text.charAt(at));
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
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
