package io.mutil.dispatch;

import java.util.List;

/** Finds the words of a line that ask for help: those that end with a question mark, none of it quoted. */
final class Question {
    private final String line;
    private final boolean[] asks;
    private int word;
    private int start = -1;
    private boolean quoted;

    private Question(String line, int words) {
        this.line = line;
        asks = new boolean[words];
    }

    /**
     * For each word, whether it asks.
     *
     * @param words how many {@link Words#split} found
     */
    static boolean[] of(String line, int words) {
        var question = new Question(line, words);
        question.read();
        return question.asks;
    }

    /** For words that were never quoted. */
    static boolean[] of(List<String> words) {
        boolean[] asks = new boolean[words.size()];
        for (int i = 0; i < asks.length; i++) {
            asks[i] = words.get(i).endsWith("?");
        }
        return asks;
    }

    private void read() {
        int length = line.length();
        for (int i = 0; i < length; i++) {
            char c = line.charAt(i);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                endWord(i);
                continue;
            }
            start = start < 0 ? i : start;
            if (c == '\\') {
                quoted = true;
                i++;
            } else if (c == '\'' || c == '"') {
                quoted = true;
                i = closing(c, i + 1);
            }
        }
        endWord(length);
    }

    private void endWord(int end) {
        if (start >= 0) {
            asks[word++] = !quoted && line.charAt(end - 1) == '?';
            start = -1;
            quoted = false;
        }
    }

    private int closing(char quote, int from) {
        int i = from;
        while (line.charAt(i) != quote) {
            i += line.charAt(i) == '\\' && quote == '"' ? 2 : 1;
        }
        return i;
    }
}
