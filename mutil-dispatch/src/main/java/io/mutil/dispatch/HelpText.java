package io.mutil.dispatch;

import io.mutil.dispatch.Level.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Lists commands: the shortest word for each, its names, what it does. */
final class HelpText {
    private record Row(String title, String shortest, String names, String summary) {}

    private final List<Row> rows = new ArrayList<>();

    private HelpText() {}

    /**
     * All commands from this level on, by group.
     *
     * @param before the shortest words that lead here
     */
    static <S> List<String> of(Level<S> level, String before, Settings settings) {
        var text = new HelpText();
        text.addAll(level, level.group(), level.path().strip(), before, settings.nested());
        return text.lines();
    }

    /** Some names of one level. */
    static <S> List<String> of(Level<S> level, List<String> names) {
        var text = new HelpText();
        for (String name : names) {
            Target<S> target = Objects.requireNonNull(level.names().find(name).target());
            Verb<S> verb = target.verb();
            if (verb == null) {
                text.rows.add(new Row("", level.names().shortest(name), name, "..."));
            } else {
                text.add(level, verb, "", "");
            }
        }
        return text.lines();
    }

    /** Shows lines to whoever typed the line. */
    static <S> Operation<S> showing(List<String> lines) {
        return call -> {
            lines.forEach(call.out());
            return null;
        };
    }

    private <S> void addAll(Level<S> level, Group<S> group, String title, String before, boolean nested) {
        for (Item<S> item : group.items()) {
            if (item instanceof Verb<S> verb && !verb.form().isHidden()) {
                add(level, verb, title, before);
            }
        }
        for (Item<S> item : group.items()) {
            if (item instanceof Group<S> inner) {
                String name = inner.name();
                String below = title.isEmpty() ? name : title + " " + name;
                if (nested) {
                    Target<S> target =
                            Objects.requireNonNull(level.names().find(name).target());
                    String shortest = before + level.names().shortest(name) + " ";
                    addAll(Objects.requireNonNull(target.level()), inner, below, shortest, true);
                } else {
                    addAll(level, inner, below, before, false);
                }
            }
        }
    }

    private <S> void add(Level<S> level, Verb<S> verb, String title, String before) {
        List<String> names = new ArrayList<>(List.of(verb.name()));
        names.addAll(verb.aliases());
        rows.add(new Row(
                title, before + level.names().shortest(verb.name()), String.join(", ", names), summary(verb.help())));
    }

    /** The first line, as picocli does; of a comment it is the first sentence. */
    private static String summary(String help) {
        return help.strip().lines().findFirst().orElse("");
    }

    private List<String> lines() {
        int shortest = width(rows.stream().map(Row::shortest).toList());
        int names = width(rows.stream().map(Row::names).toList());
        List<String> lines = new ArrayList<>();
        String title = "";
        for (Row row : rows) {
            if (!row.title.equals(title)) {
                title = row.title;
                lines.add(title + ":");
            }
            String line = "  " + pad(row.shortest, shortest) + "  " + pad(row.names, names) + "  " + row.summary;
            lines.add(line.stripTrailing());
        }
        return lines;
    }

    private static int width(List<String> cells) {
        return cells.stream().mapToInt(HelpText::width).max().orElse(0);
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    private static String pad(String cell, int width) {
        return cell + " ".repeat(width - width(cell));
    }
}
