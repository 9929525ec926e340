package io.mutil.dispatch;

/**
 * How far a name is from a mistyped word, by the Damerau-Levenshtein distance in its form of optimal string alignment: one for
 * each code point that is missing, added or wrong, and for each two neighbours that are exchanged. Upper and lower case are
 * taken for the same. As words may be prefixes, a name also counts whose beginning is close, after those that are close as a
 * whole.
 */
final class Guess {
    /** The rank of a name that is not close. */
    static final int FAR = Integer.MAX_VALUE;

    private static final int SHORT_WORD = 4;
    private static final int MEDIUM_WORD = 8;

    private final int[] word;
    private final int limit;

    Guess(String word) {
        this.word = lowerCase(word);
        limit = Math.min(
                this.word.length - 1, this.word.length <= SHORT_WORD ? 1 : this.word.length <= MEDIUM_WORD ? 2 : 3);
    }

    /** Less is closer; {@link #FAR} if what is wrong is more than one, two or three by the length of the word, or all of it. */
    int rank(String name) {
        int[] letters = lowerCase(name);
        if (word.length > letters.length + limit) {
            return FAR;
        }
        int[] distances = distances(letters);
        int whole = distances[letters.length];
        if (whole <= limit) {
            return whole;
        }
        int beginning = whole;
        for (int distance : distances) {
            beginning = Math.min(beginning, distance);
        }
        return beginning <= limit ? limit + 1 + beginning : FAR;
    }

    /** The distances of the whole word from every beginning of a name, by its length. */
    private int[] distances(int[] name) {
        int[] beforeLast = new int[name.length + 1];
        int[] last = new int[name.length + 1];
        int[] row = new int[name.length + 1];
        for (int j = 0; j <= name.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= word.length; i++) {
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
            row[0] = i;
            for (int j = 1; j <= name.length; j++) {
                int change = last[j - 1] + (word[i - 1] == name[j - 1] ? 0 : 1);
                row[j] = Math.min(change, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && word[i - 1] == name[j - 2] && word[i - 2] == name[j - 1]) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
        }
        return row;
    }

    private static int[] lowerCase(String text) {
        return text.codePoints().map(Character::toLowerCase).toArray();
    }
}
