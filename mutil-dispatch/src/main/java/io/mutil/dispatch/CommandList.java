package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a table and a group of it have in common while they are being made: commands, in the order in which help lists them.
 *
 * @param <S> the state that each line is run with
 * @param <B> the class itself
 */
abstract sealed class CommandList<S, B extends CommandList<S, B>> permits DispatchBuilder, Group {
    private final List<Item<S>> items;

    CommandList(List<Item<S>> items) {
        this.items = items;
    }

    abstract B self();

    /**
     * Adds a command of a function.
     *
     * @param args in the order of the line: required ones first, then optional ones, then at most one rest
     * @throws IllegalArgumentException if the name or the order of the arguments is none, see {@link Verb#of(String, Operation, Arg[])}
     */
    public B add(String name, Operation<S> operation, Arg<?>... args) {
        return add(Verb.of(name, operation, args));
    }

    /**
     * Adds a command of a class with picocli's annotations.
     *
     * @param operation makes one for each run, and others, see {@link Verb#of(Supplier)}
     * @throws IllegalArgumentException as {@link Verb#of(Supplier)}
     */
    public B add(Supplier<? extends Operation<S>> operation) {
        return add(Verb.of(operation));
    }

    /** Adds a command. */
    public B add(Verb<S> verb) {
        items.add(requireNonNull(verb, "verb"));
        return self();
    }

    /**
     * Adds commands to a group, which is made if there is none of that name here. Groups are headings of the help; names of
     * commands are unique in the whole table, unless groups are {@linkplain DispatchBuilder#nested nested}. A group that has none
     * in the end is refused when the table is made.
     *
     * @param name not blank; if groups are words of the line, as {@link Verb#of(String, Operation, Arg[])} wants it
     * @param commands adds them
     */
    public B group(String name, Consumer<Group<S>> commands) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name of a group must not be blank");
        }
        commands.accept(groupOf(name));
        return self();
    }

    private Group<S> groupOf(String name) {
        for (Item<S> item : items) {
            if (item instanceof Group<S> group && group.name().equals(name)) {
                return group;
            }
        }
        var group = new Group<S>(name, new ArrayList<>());
        items.add(group);
        return group;
    }

    /** In the order of their definition. */
    List<Item<S>> items() {
        return items;
    }

    /** The same, to which others may be added. */
    List<Item<S>> copyOfItems() {
        List<Item<S>> copy = new ArrayList<>();
        for (Item<S> item : items) {
            copy.add(item instanceof Group<S> group ? new Group<>(group.name(), group.copyOfItems()) : item);
        }
        return copy;
    }
}
