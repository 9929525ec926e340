package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Takes the commands of one group while a table is being built. Not thread-safe.
 *
 * @param <S> the state that their operations get
 */
public final class Group<S> implements Item<S> {
    private final String name;
    private final List<Item<S>> items = new ArrayList<>();

    Group(String name) {
        this.name = name;
    }

    /** As {@link Verb#of(String, Operation, Arg[])}, added. */
    public Group<S> add(String name, Operation<S> operation, Arg<?>... args) {
        return add(Verb.of(name, operation, args));
    }

    /** As {@link Verb#of(Supplier)}, added. */
    public Group<S> add(Supplier<? extends Operation<S>> operation) {
        return add(Verb.of(operation));
    }

    /** Adds a command. */
    public Group<S> add(Verb<S> verb) {
        items.add(requireNonNull(verb, "verb"));
        return this;
    }

    /**
     * Adds to a group within this one, which is made if there is none of that name.
     *
     * @param name not blank; if groups are words of the line, as {@link Verb#of(String, Operation, Arg[])} wants it
     * @param commands adds them
     */
    public Group<S> group(String name, Consumer<Group<S>> commands) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name of a group must not be blank");
        }
        commands.accept(groupOf(name));
        return this;
    }

    private Group<S> groupOf(String name) {
        for (Item<S> item : items) {
            if (item instanceof Group<S> group && group.name.equals(name)) {
                return group;
            }
        }
        var group = new Group<S>(name);
        items.add(group);
        return group;
    }

    String name() {
        return name;
    }

    /** In the order of their definition. */
    List<Item<S>> items() {
        return items;
    }

    Group<S> copy() {
        var copy = new Group<S>(name);
        for (Item<S> item : items) {
            copy.items.add(item instanceof Group<S> group ? group.copy() : item);
        }
        return copy;
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
