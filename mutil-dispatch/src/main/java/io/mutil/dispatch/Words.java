package io.mutil.dispatch;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of a line as a POSIX shell takes them apart: blanks are space, tab, CR and LF; single quotes keep everything,
 * double quotes all but a backslash before a quote or a backslash, and outside of quotes a backslash keeps any next
 * character. Nothing is a comment, a variable or an operator. The rules and the messages are those of {@code shlex.split} of
 * Python with {@code comments=False}.
 */
final class Words {
    private static final int FEW = 8;
    private static final int NO_CURSOR = -1;
    private static final String SPECIAL = " \t\r\n'\"\\";

    private Words() {}

    /**
     * Takes a line apart.
     *
     * @return the words, in a list of the caller's own; empty for a blank line
     * @throws IllegalArgumentException if a quote is not closed or a backslash is the last character
     */
    static List<String> split(String line) {
        List<String> words = new ArrayList<>(FEW);
        int length = line.length();
        int start = -1;
        for (int i = 0; i < length; i++) {
            char c = line.charAt(i);
            if (isQuoting(c)) {
                return splitQuoted(line);
            }
            if (!isBlank(c)) {
                start = start < 0 ? i : start;
            } else if (start >= 0) {
                words.add(line.substring(start, i));
                start = -1;
            }
        }
        if (start >= 0) {
            words.add(line.substring(start));
        }
        return words;
    }

    private static List<String> splitQuoted(String line) {
        List<String> words = new ArrayList<>(FEW);
        var reader = new Reader(line);
        while (reader.next()) {
            words.add(reader.word());
        }
        if (reader.open == '\\') {
            throw new IllegalArgumentException("No escaped character");
        }
        if (reader.open != 0) {
            throw new IllegalArgumentException("No closing quotation");
        }
        return words;
    }

    /**
     * Takes an unfinished line apart and tells which word the cursor is in. A quote may be open, and a backslash be the last
     * character. Between two words, and after a blank at the end, the cursor is in an empty word of its own.
     *
     * @param cursor an index into the line, from 0 to its length
     */
    static Cut cut(String line, int cursor) {
        List<String> words = new ArrayList<>(FEW);
        var reader = new Reader(line, cursor);
        Cut found = null;
        while (reader.next()) {
            if (found == null && cursor < reader.start) {
                found = Cut.between(words, line, cursor);
                words.add("");
            } else if (found == null && cursor <= reader.at) {
                found = reader.cut(words);
            }
            words.add(reader.word());
        }
        if (found == null) {
            found = Cut.between(words, line, cursor);
            words.add("");
        }
        return found;
    }

    /** Writes a word so that {@link #split} gives it back: as it is where that does, else with quotes. */
    static String quote(String word) {
        if (!word.isEmpty() && isPlain(word)) {
            return word;
        }
        return word.indexOf('\'') < 0 ? "'" + word + "'" : quote(word, '"', true);
    }

    /**
     * Writes the word that replaces one whose quoting has begun.
     *
     * @param quote the quote that it begins with; 0 for none, so that blanks and quotes get backslashes
     * @param close whether the word ends here, so that its quote is closed
     */
    static String quote(String word, char quote, boolean close) {
        if (quote == '\'' && word.indexOf('\'') >= 0) {
            return quote(word, '"', close);
        }
        if (quote == 0 && word.isEmpty()) {
            return close ? "''" : "";
        }
        var out = new StringBuilder(word.length() + 2);
        if (quote != 0) {
            out.append(quote);
        }
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (quote == 0 ? SPECIAL.indexOf(c) >= 0 : quote == '"' && (c == '"' || c == '\\')) {
                out.append('\\');
            }
            out.append(c);
        }
        if (quote != 0 && close) {
            out.append(quote);
        }
        return out.toString();
    }

    private static boolean isPlain(String word) {
        return word.chars().noneMatch(c -> SPECIAL.indexOf(c) >= 0);
    }

    private static boolean isQuoting(char c) {
        return c == '\'' || c == '"' || c == '\\';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /**
     * The words of an unfinished line and the place of the cursor.
     *
     * @param words all words, quotes taken off
     * @param index of the word that the cursor is in
     * @param wordCursor the place of the cursor within that word
     * @param rawStart where the word begins in the line
     * @param rawEnd where it ends there
     * @param quote the quote that the word begins with, 0 if none
     */
    record Cut(
            List<String> words,
            int index,
            int wordCursor,
            String line,
            int cursor,
            int rawStart,
            int rawEnd,
            char quote) {
        private static Cut between(List<String> words, String line, int cursor) {
            return new Cut(words, words.size(), 0, line, cursor, cursor, cursor, (char) 0);
        }

        /** The word that the cursor is in. */
        String word() {
            return words.get(index);
        }

        /** The part of it before the cursor. */
        String prefix() {
            return word().substring(0, wordCursor);
        }
    }

    /** Reads word by word; a quote that is still open at the end of the line ends there. */
    static final class Reader {
        private final String line;
        private final int cursor;
        private final StringBuilder word = new StringBuilder();
        private int at;
        private int start;
        private int wordCursor;
        private boolean quoted;
        /** What lacks its end: a quote, a backslash, or 0. */
        private char open;

        Reader(String line) {
            this(line, NO_CURSOR);
        }

        Reader(String line, int cursor) {
            this.line = line;
            this.cursor = cursor;
        }

        boolean next() {
            while (!atEnd() && isBlank(line.charAt(at))) {
                at++;
            }
            if (atEnd()) {
                return false;
            }
            start = at;
            word.setLength(0);
            quoted = false;
            while (!atEnd() && !isBlank(line.charAt(at))) {
                readPart();
            }
            if (at == cursor) {
                wordCursor = word.length();
            }
            return true;
        }

        private void readPart() {
            char c = take();
            quoted = quoted || isQuoting(c);
            if (c == '\\') {
                readEscaped();
            } else if (c == '\'' || c == '"') {
                readQuoted(c);
            } else {
                word.append(c);
            }
        }

        private void readEscaped() {
            if (atEnd()) {
                open = '\\';
            } else {
                word.append(take());
            }
        }

        private void readQuoted(char quote) {
            while (!atEnd()) {
                char c = take();
                if (c == quote) {
                    return;
                }
                if (c == '\\' && quote == '"') {
                    readEscapedInQuotes();
                } else {
                    word.append(c);
                }
            }
            open = open == 0 ? quote : open;
        }

        private void readEscapedInQuotes() {
            if (!atEnd()) {
                char c = line.charAt(at);
                if (c != '"' && c != '\\') {
                    word.append('\\');
                }
            }
            readEscaped();
        }

        private char take() {
            if (at == cursor) {
                wordCursor = word.length();
            }
            return line.charAt(at++);
        }

        private boolean atEnd() {
            return at == line.length();
        }

        String word() {
            return word.toString();
        }

        /** Whether a quote or a backslash was in it. */
        boolean isQuoted() {
            return quoted;
        }

        Cut cut(List<String> words) {
            char first = line.charAt(start);
            char quote = first == '\'' || first == '"' ? first : 0;
            return new Cut(words, words.size(), wordCursor, line, cursor, start, at, quote);
        }
    }
}
