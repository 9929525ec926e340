package io.mutil.dispatch;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names that any unique prefix stands for. A word means, in this order: the name that it is; else the only target that has a
 * name which begins with it. Several names of one target are no ambiguity.
 *
 * <p>A target that is exact only is reached by its whole names alone. It still counts where a prefix is unique or not: with
 * {@code delay} and an exact only {@code delete}, {@code del} is ambiguous. Else someone who means the dangerous one would get
 * the other, and a prefix would change its meaning with what is marked as dangerous.
 *
 * <p>Names are kept sorted by code point, so what begins with a prefix is one range, found by binary search. Immutable, safe for
 * many threads.
 */
final class Names<T> {
    /** How a search went. */
    enum Outcome {
        /** The word means one target. */
        FOUND,
        /** It begins names of several targets. */
        AMBIGUOUS,
        /** It begins only names of a target that wants a whole name. */
        FULL_NAME_NEEDED,
        /** No name begins with it. */
        NONE
    }

    /**
     * What a word means.
     *
     * @param target what was found, else null
     * @param name the first name of the target if found, else the word
     * @param candidates the names that were possibly meant, one for each target: in definition order if ambiguous, best first if
     *     there is none; empty if found
     */
    record Match<T>(Outcome outcome, @Nullable T target, String name, List<String> candidates) {}

    private static final int MAX_GUESSES = 5;
    private static final int NONE = -1;
    private static final int SEVERAL = -2;

    private final String[] sorted;
    private final Entry<T>[] entries;

    private Names(Entry<T>[] entries) {
        this.entries = entries;
        sorted = new String[entries.length];
        for (int i = 0; i < entries.length; i++) {
            sorted[i] = entries[i].name;
        }
    }

    static <T> Builder<T> builder() {
        return new Builder<>();
    }

    /** Finds what the word means; the empty word means nothing. */
    Match<T> find(String word) {
        int from = lowerBound(word);
        int found = only(word, from);
        if (found >= 0) {
            Entry<T> entry = entries[found];
            return entry.exactOnly && !entry.name.equals(word)
                    ? new Match<>(Outcome.FULL_NAME_NEEDED, null, word, candidates(word, from))
                    : entry.match;
        }
        return found == SEVERAL
                ? new Match<>(Outcome.AMBIGUOUS, null, word, candidates(word, from))
                : new Match<>(Outcome.NONE, null, word, guesses(word));
    }

    /** The index of the name that the word is, or of the first that it begins if all have the same target. */
    private int only(String word, int from) {
        if (from == sorted.length || word.isEmpty() || !isPrefix(word, sorted[from])) {
            return NONE;
        }
        if (sorted[from].length() == word.length()) {
            return from;
        }
        int id = entries[from].targetId;
        for (int i = from + 1; i < sorted.length && isPrefix(word, sorted[i]); i++) {
            if (entries[i].targetId != id) {
                return SEVERAL;
            }
        }
        return from;
    }

    /** The names that begin with a prefix, sorted; other names of a target and exact only ones are among them. */
    List<String> startingWith(String prefix) {
        int from = lowerBound(prefix);
        int to = from;
        while (to < sorted.length && isPrefix(prefix, sorted[to])) {
            to++;
        }
        return List.of(Arrays.copyOfRange(sorted, from, to));
    }

    /**
     * The shortest word that means the same as this name; the name itself if its target is exact only.
     *
     * @throws IllegalArgumentException if there is no such name
     */
    String shortest(String name) {
        int index = lowerBound(name);
        if (index == sorted.length || !sorted[index].equals(name)) {
            throw new IllegalArgumentException("no name " + name + "; sorted() has them all");
        }
        Entry<T> entry = entries[index];
        if (entry.exactOnly) {
            return name;
        }
        for (int end = 0; end < name.length(); ) {
            end += Character.charCount(name.codePointAt(end));
            String prefix = name.substring(0, end);
            int found = only(prefix, lowerBound(prefix));
            if (found >= 0 && entries[found].targetId == entry.targetId) {
                return prefix;
            }
        }
        return name;
    }

    /** All names, by code point; other names of a target are among them. */
    List<String> sorted() {
        return List.of(sorted);
    }

    private List<String> candidates(String word, int from) {
        return IntStream.range(from, sorted.length)
                .takeWhile(i -> isPrefix(word, sorted[i]))
                .mapToObj(i -> entries[i])
                .sorted(Comparator.comparingInt(Entry::order))
                .filter(firstOfTarget())
                .map(Entry::name)
                .toList();
    }

    private List<String> guesses(String word) {
        if (word.isEmpty()) {
            return List.of();
        }
        record Ranked<T>(int rank, Entry<T> entry) {}
        var guess = new Guess(word);
        return Stream.of(entries)
                .map(entry -> new Ranked<>(guess.rank(entry.name), entry))
                .filter(ranked -> ranked.rank < Guess.FAR)
                .sorted(Comparator.<Ranked<T>>comparingInt(Ranked::rank).thenComparingInt(ranked -> ranked.entry.order))
                .map(Ranked::entry)
                .filter(firstOfTarget())
                .limit(MAX_GUESSES)
                .map(Entry::name)
                .toList();
    }

    private Predicate<Entry<T>> firstOfTarget() {
        var seen = new BitSet();
        return entry -> {
            boolean isFirst = !seen.get(entry.targetId);
            seen.set(entry.targetId);
            return isFirst;
        };
    }

    private int lowerBound(String word) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(sorted[middle], word) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether a name begins with a word that does not end within a code point of it. */
    private static boolean isPrefix(String word, String name) {
        int length = word.length();
        return name.startsWith(word)
                && (length == 0
                        || length == name.length()
                        || !Character.isHighSurrogate(word.charAt(length - 1))
                        || !Character.isLowSurrogate(name.charAt(length)));
    }

    /** By code point, which differs from {@link String#compareTo} where one has a surrogate and the other something above. */
    static int compare(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return Integer.compare(rank(x), rank(y));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + 0x10000 : c;
    }

    /** One name; the targets of two are the same if their ids are. */
    private record Entry<T>(String name, int order, int targetId, boolean exactOnly, Match<T> match) {}

    /** Collects names. Single use, not thread-safe. */
    static final class Builder<T> {
        private final Map<String, Entry<T>> entries = new HashMap<>();

        private Builder() {}

        /**
         * Adds a target by its first name.
         *
         * @param exactOnly whether only whole names lead to it
         * @throws IllegalArgumentException if the name is empty, already there, or has half of a surrogate pair
         */
        Builder<T> add(String name, T target, boolean exactOnly) {
            var match = new Match<>(Outcome.FOUND, target, name, List.<String>of());
            return put(name, entries.size(), exactOnly, match);
        }

        /**
         * Adds one more name for the target of another.
         *
         * @throws IllegalArgumentException as {@link #add}, or if there is no such other name
         */
        Builder<T> alias(String alias, String name) {
            Entry<T> other = entries.get(name);
            if (other == null) {
                throw new IllegalArgumentException(
                        "no name " + name + " to have alias " + alias + "; add the name first");
            }
            return put(alias, other.targetId, other.exactOnly, other.match);
        }

        private Builder<T> put(String name, int targetId, boolean exactOnly, Match<T> match) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("name must not be empty");
            }
            if (name.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
                throw new IllegalArgumentException("name must be well-formed text, was " + name);
            }
            var entry = new Entry<>(name, entries.size(), targetId, exactOnly, match);
            if (entries.putIfAbsent(name, entry) != null) {
                throw new IllegalArgumentException(
                        "name " + name + " is already taken; names are global, also those in groups");
            }
            return this;
        }

        Names<T> build() {
            @SuppressWarnings({"unchecked", "rawtypes"}) // arrays have no type parameters
            Entry<T>[] sorted = entries.values().toArray(new Entry[0]);
            Arrays.sort(sorted, (a, b) -> compare(a.name, b.name));
            return new Names<>(sorted);
        }
    }
}
