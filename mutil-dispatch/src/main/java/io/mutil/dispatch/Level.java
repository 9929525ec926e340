package io.mutil.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The names that may come next in a line: all commands of a flat table, or what one group of a nested one holds. Immutable.
 *
 * @param path the words that lead here, each followed by a space
 * @param targets in the order of their definition, each once
 */
record Level<S>(String path, Group<S> group, Names<Level.Target<S>> names, List<Level.Target<S>> targets) {
    /**
     * What a name leads to: a command or a level, the other is null.
     *
     * @param path the words that lead to it
     * @param depth how many they are
     */
    record Target<S>(
            String path,
            int depth,
            @Nullable Verb<S> verb,
            @Nullable Level<S> level) {
        /** Of a command, or of the group that the level is of. */
        String name() {
            return verb != null
                    ? verb.name()
                    : Objects.requireNonNull(level).group().name();
        }

        /** Whether help leaves it out. */
        boolean isHidden() {
            return verb != null && verb.form().isHidden();
        }
    }

    /**
     * Puts names in order.
     *
     * @throws IllegalArgumentException if a name is taken, or a group is empty or has none that can be typed
     */
    static <S> Level<S> of(Group<S> root, boolean nested) {
        return new Maker<S>("", 1, nested).level(root);
    }

    /** How many commands there are from here on. */
    int size() {
        int size = 0;
        for (Target<S> target : targets) {
            size += target.level() == null ? 1 : target.level().size();
        }
        return size;
    }

    /** What a line may go on with, in the order of their definition. */
    List<String> shown() {
        return targets.stream()
                .filter(target -> !target.isHidden())
                .map(Target::name)
                .toList();
    }

    /** Those of its names that help does not leave out. */
    List<String> shown(List<String> some) {
        return some.stream()
                .filter(name ->
                        !Objects.requireNonNull(names.find(name).target()).isHidden())
                .toList();
    }

    private static final class Maker<S> {
        private final String path;
        private final int depth;
        private final boolean nested;
        private final Names.Builder<Target<S>> names = Names.builder();
        private final List<Target<S>> targets = new ArrayList<>();
        private final Map<String, String> places = new HashMap<>();

        Maker(String path, int depth, boolean nested) {
            this.path = path;
            this.depth = depth;
            this.nested = nested;
        }

        Level<S> level(Group<S> group) {
            addAll(group, "the table");
            return new Level<>(path, group, names.build(), List.copyOf(targets));
        }

        private void addAll(Group<S> group, String place) {
            for (Item<S> item : group.items()) {
                if (item instanceof Verb<S> verb) {
                    add(verb, place);
                } else if (item instanceof Group<S> inner && nested) {
                    addLevel(checkNotEmpty(inner));
                } else if (item instanceof Group<S> inner) {
                    addAll(checkNotEmpty(inner), "group " + inner.name());
                }
            }
        }

        private Group<S> checkNotEmpty(Group<S> group) {
            if (group.items().isEmpty()) {
                throw new IllegalArgumentException(
                        "group " + path + group.name() + " has no commands; add some, or leave it out");
            }
            return group;
        }

        private void add(Verb<S> verb, String place) {
            take(verb.name(), place);
            put(verb.name(), new Target<>(path + verb.name(), depth, verb, null), verb.isDangerous());
            for (String alias : verb.aliases()) {
                take(alias, place);
                names.alias(alias, verb.name());
            }
        }

        private void addLevel(Group<S> group) {
            String name = Group.checkWord("name of a group", group.name());
            take(name, "a group");
            String inner = path + name;
            Level<S> level = new Maker<S>(inner + " ", depth + 1, true).level(group);
            put(name, new Target<>(inner, depth, null, level), false);
        }

        private void put(String name, Target<S> target, boolean exactOnly) {
            names.add(name, target, exactOnly);
            targets.add(target);
        }

        private void take(String name, String place) {
            String other = places.putIfAbsent(name, place);
            if (other != null) {
                throw new IllegalArgumentException(
                        "name " + path + name + " is taken twice, in " + other + " and in " + place + "; rename one"
                                + (nested ? "" : ", or make groups words of the line with nested(true)"));
            }
        }
    }
}
