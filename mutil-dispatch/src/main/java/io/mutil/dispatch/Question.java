package io.mutil.dispatch;

import java.util.List;

/** Finds the words of a line that ask for help: those that end with a question mark, none of it quoted. */
final class Question {
    private Question() {}

    /**
     * For each word, whether it asks.
     *
     * @param words how many {@link Words#split} found
     */
    static boolean[] of(String line, int words) {
        boolean[] asks = new boolean[words];
        var reader = new Words.Reader(line);
        for (int i = 0; reader.next(); i++) {
            asks[i] = !reader.isQuoted() && asks(reader.word());
        }
        return asks;
    }

    /** For words that were never quoted. */
    static boolean[] of(List<String> words) {
        boolean[] asks = new boolean[words.size()];
        for (int i = 0; i < asks.length; i++) {
            asks[i] = asks(words.get(i));
        }
        return asks;
    }

    private static boolean asks(String word) {
        return word.endsWith("?");
    }
}
