package io.mutil.dispatch;

import io.mutil.dispatch.DispatchException.Kind;
import io.mutil.dispatch.Level.Target;
import io.mutil.dispatch.Names.Match;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** From a line to what is to be run. Immutable, safe for many threads. */
final class Table<S> {
    private static final int MOST_SHOWN = 10;

    private final Level<S> top;
    private final Settings settings;

    Table(Group<S> root, Settings settings) {
        top = Level.of(root, settings.nested());
        this.settings = settings;
    }

    Level<S> top() {
        return top;
    }

    Settings settings() {
        return settings;
    }

    Job<S> job(String line) {
        List<String> words = split(line);
        if (line.indexOf('?') >= 0) {
            List<String> help = answer(words, Question.of(line, words.size()));
            if (help != null) {
                return Job.showing(help);
            }
        }
        return command(words);
    }

    Job<S> job(List<String> words) {
        List<String> help = answer(words, Question.of(words));
        return help == null ? command(words) : Job.showing(help);
    }

    private static List<String> split(String line) {
        try {
            return Words.split(line);
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            String next = reason.contains("quotation")
                    ? "close the quote, or put a backslash before it"
                    : "put another backslash behind the last one";
            throw new DispatchException(Kind.BAD_LINE, reason + "; " + next, List.of());
        }
    }

    private Job<S> command(List<String> words) {
        Target<S> target = find(words);
        Verb<S> verb = Objects.requireNonNull(target.verb());
        return job(target, verb, values -> verb.form().prepare(settings, words, target.depth(), values));
    }

    /** Fills in the values of arguments, see {@link Form#prepare}. */
    interface Preparation<S> {
        @Nullable
        Operation<S> prepare(@Nullable Object[] values) throws BadValue;
    }

    Job<S> job(Target<S> target, Verb<S> verb, Preparation<S> preparation) {
        return new Job<>(
                target.path(),
                verb.timeout(),
                verb.form().args(),
                values -> operation(target, verb, preparation, values));
    }

    private Operation<S> operation(
            Target<S> target, Verb<S> verb, Preparation<S> preparation, @Nullable Object[] values) {
        try {
            Operation<S> operation = preparation.prepare(values);
            return operation == null ? HelpText.showing(about(target)) : operation;
        } catch (BadValue e) {
            throw badArguments(target, verb, e);
        }
    }

    /** How many commands there are, at all levels. */
    int size() {
        return top.size();
    }

    private DispatchException badArguments(Target<S> target, Verb<S> verb, BadValue reason) {
        String usage = Specs.synopsis(verb.spec(settings, target.path()));
        return new DispatchException(
                Kind.BAD_ARGUMENTS,
                target.path() + ": " + reason.reason() + "; usage: " + usage,
                List.of(),
                reason.getCause());
    }

    /** The command that the first words name. */
    Target<S> find(List<String> words) {
        Level<S> level = top;
        for (String word : words) {
            Match<Target<S>> match = level.names().find(word);
            Target<S> target = match.target();
            if (target == null) {
                throw failure(level, word, match);
            }
            if (target.verb() != null) {
                return target;
            }
            level = Objects.requireNonNull(target.level());
        }
        throw unfinished(level);
    }

    private DispatchException unfinished(Level<S> level) {
        List<String> next = level.shown();
        if (level.path().isEmpty()) {
            return new DispatchException(Kind.INCOMPLETE, "the line has no command; ? lists all", next);
        }
        String group = level.path().strip();
        return new DispatchException(
                Kind.INCOMPLETE,
                group + " is a group; go on with " + (next.isEmpty() ? "?" : either(next) + ", or with ?"),
                next);
    }

    private DispatchException failure(Level<S> level, String word, Match<Target<S>> match) {
        List<String> candidates = match.candidates();
        String typed = Quoted.of(level.path() + word);
        return switch (match.outcome()) {
            case AMBIGUOUS ->
                new DispatchException(
                        Kind.AMBIGUOUS, typed + " may be " + either(candidates) + "; type more of it", candidates);
            case FULL_NAME_NEEDED ->
                new DispatchException(
                        Kind.FULL_NAME_NEEDED,
                        candidates.get(0) + " is dangerous and wants its full name, not " + typed,
                        candidates);
            case FOUND, NONE -> unknown(typed, level.shown(candidates));
        };
    }

    private static DispatchException unknown(String typed, List<String> candidates) {
        return new DispatchException(Kind.UNKNOWN, "there is no command " + typed + guess(candidates), candidates);
    }

    private static String guess(List<String> candidates) {
        return candidates.isEmpty() ? "; ? lists all" : "; did you mean " + either(candidates) + "?";
    }

    private static String either(List<String> names) {
        int count = names.size();
        if (count > MOST_SHOWN) {
            return String.join(", ", names.subList(0, MOST_SHOWN)) + " or " + (count - MOST_SHOWN) + " others";
        }
        return count == 1
                ? names.get(0)
                : String.join(", ", names.subList(0, count - 1)) + " or " + names.get(count - 1);
    }

    /** The help that a line asks for, or null if it does not. */
    private @Nullable List<String> answer(List<String> words, boolean[] asks) {
        Level<S> level = top;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (asks[i]) {
                String prefix = word.substring(0, word.length() - 1);
                return prefix.isEmpty() ? list(level) : about(level, prefix);
            }
            Target<S> target = level.names().find(word).target();
            if (target == null || target.verb() != null) {
                return asksBelow(words, asks, i + 1) ? about(level, word) : null;
            }
            level = Objects.requireNonNull(target.level());
        }
        return null;
    }

    private static boolean asksBelow(List<String> words, boolean[] asks, int from) {
        for (int i = from; i < asks.length; i++) {
            if (asks[i] && words.get(i).length() == 1) {
                return true;
            }
        }
        return false;
    }

    /** Help for what the word means, or may mean. */
    List<String> about(Level<S> level, String word) {
        Match<Target<S>> match = level.names().find(word);
        return switch (match.outcome()) {
            case FOUND -> about(Objects.requireNonNull(match.target()));
            case FULL_NAME_NEEDED -> about(level, match.candidates().get(0));
            case AMBIGUOUS -> HelpText.of(level, level.shown(match.candidates()));
            case NONE -> throw failure(level, word, match);
        };
    }

    private List<String> about(Target<S> target) {
        Verb<S> verb = target.verb();
        return verb == null
                ? list(Objects.requireNonNull(target.level()))
                : Specs.usage(verb.spec(settings, target.path()));
    }

    /** All commands from a level on. */
    private List<String> list(Level<S> level) {
        return HelpText.of(level, Objects.requireNonNull(shortest(top, level)), settings);
    }

    /** The shortest words from one level to another below it, each followed by a space; null if it is not there. */
    private static <S> @Nullable String shortest(Level<S> from, Level<S> to) {
        if (from.path().equals(to.path())) {
            return "";
        }
        for (Target<S> target : from.targets()) {
            Level<S> next = target.level();
            String rest = next == null ? null : shortest(next, to);
            if (next != null && rest != null) {
                return from.names().shortest(target.name()) + " " + rest;
            }
        }
        return null;
    }

    /** Help for the words that a caller names a command or a group by. */
    List<String> help(String name) {
        List<String> words = split(name);
        Level<S> level = top;
        for (int i = 0; i < words.size(); i++) {
            Target<S> target = level.names().find(words.get(i)).target();
            if (target == null || target.verb() != null) {
                return about(level, words.get(i));
            }
            level = Objects.requireNonNull(target.level());
        }
        return list(level);
    }
}
