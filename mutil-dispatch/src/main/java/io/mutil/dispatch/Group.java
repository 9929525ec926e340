package io.mutil.dispatch;

import java.util.List;

/**
 * Takes the commands of one group while a table is being built. Not thread-safe.
 *
 * @param <S> the state that their operations get
 */
public final class Group<S> extends CommandList<S, Group<S>> implements Item<S> {
    private final String name;

    Group(String name, List<Item<S>> items) {
        super(items);
        this.name = name;
    }

    @Override
    Group<S> self() {
        return this;
    }

    String name() {
        return name;
    }

    /** Checks that a name can be typed, and shown in a line. */
    static String checkWord(String what, String word) {
        if (word.isBlank() || word.endsWith("?") || word.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    what + " must not be blank, have control characters, or end with a question mark, was "
                            + Quoted.of(word));
        }
        return word;
    }
}
