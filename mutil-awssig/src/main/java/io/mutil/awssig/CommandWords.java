package io.mutil.awssig;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Splits a command into words at white space, with quotation marks around what has some, as no shell is asked. */
final class CommandWords {
    private final String text;
    private final boolean windows;
    private final List<String> words = new ArrayList<>();
    private @Nullable StringBuilder word;
    private char quote;

    private CommandWords(String text, boolean windows) {
        this.text = text;
        this.windows = windows;
    }

    /**
     * The words, or none if a quotation mark has no other.
     *
     * @param windows whether backslashes are part of paths, and ' no quotation mark
     */
    static List<String> split(String text, boolean windows) {
        return new CommandWords(text, windows).split();
    }

    private List<String> split() {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && escapes(i)) {
                i++;
                append(text.charAt(i));
            } else if (quote != 0) {
                inQuotes(c);
            } else if (c == '"' || (c == '\'' && !windows)) {
                quote = c;
                word = word == null ? new StringBuilder() : word;
            } else if (Character.isWhitespace(c)) {
                endWord();
            } else {
                append(c);
            }
        }
        endWord();
        return quote == 0 ? words : List.of();
    }

    private boolean escapes(int at) {
        if (at + 1 == text.length() || quote == '\'') {
            return false;
        }
        char next = text.charAt(at + 1);
        return windows ? next == '"' : quote == 0 || next == '"' || next == '\\';
    }

    private void inQuotes(char c) {
        if (c == quote) {
            quote = 0;
        } else {
            append(c);
        }
    }

    private void append(char c) {
        StringBuilder to = word == null ? new StringBuilder() : word;
        word = to.append(c);
    }

    private void endWord() {
        if (word != null) {
            words.add(word.toString());
            word = null;
        }
    }
}
