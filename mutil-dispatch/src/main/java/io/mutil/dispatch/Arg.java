package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One positional argument of a command: its name, its type, its rules. Commands take it in the order given, and {@link Call#get}
 * gives its value.
 *
 * <pre>{@code
 * Arg<String> symbol = Arg.of("symbol");
 * Arg<Integer> quantity = Arg.of("qty", Integer::valueOf).check(q -> q > 0, "must be positive").orElse(1);
 * Arg<List<String>> notes = Arg.rest("notes");
 * }</pre>
 *
 * <p>Immutable: each method makes a new one. Several commands may share one. Safe for use by many threads as far as its functions
 * are.
 *
 * @param <T> the type of its value
 */
public final class Arg<T extends @Nullable Object> {
    private final String name;
    private final Kind kind;
    private final Reading<T> reading;
    private final @Nullable Object fallback;
    private final String help;
    private final Supplier<? extends Collection<String>> candidates;

    private enum Kind {
        REQUIRED,
        OPTIONAL,
        REST,
        FULL_REST,
        REST_WITH_DEFAULT
    }

    private Arg(
            String name,
            Kind kind,
            Reading<T> reading,
            @Nullable Object fallback,
            String help,
            Supplier<? extends Collection<String>> candidates) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name of an argument must not be blank");
        }
        this.name = name;
        this.kind = kind;
        this.reading = reading;
        this.fallback = fallback;
        this.help = help;
        this.candidates = candidates;
    }

    private static <T extends @Nullable Object> Arg<T> of(String name, Kind kind, Reading<T> reading) {
        return new Arg<>(name, kind, reading, null, "", List::of);
    }

    /** Text, as it is. */
    public static Arg<String> of(String name) {
        return of(name, Kind.REQUIRED, (converters, words, from) -> words.get(from));
    }

    /**
     * What a function makes of the word.
     *
     * @param converter throws a {@link RuntimeException} where it cannot; its message is shown
     */
    public static <T extends @Nullable Object> Arg<T> of(String name, Function<? super String, ? extends T> converter) {
        requireNonNull(converter, "converter");
        return of(name, Kind.REQUIRED, (converters, words, from) -> converter.apply(words.get(from)));
    }

    /**
     * What picocli, or a converter {@linkplain DispatchBuilder#converter given} to the table, makes of the word. Takes the names of
     * an enum's constants, and the types that picocli knows: numbers, dates and times, files, addresses and more.
     */
    public static <T> Arg<T> of(String name, Class<T> type) {
        requireNonNull(type, "type");
        @SuppressWarnings("unchecked") // also where it is a primitive type
        Reading<T> reading =
                (converters, words, from) -> requireNonNull((T) converters.convert(type, words.get(from)), "value");
        return of(name, Kind.REQUIRED, reading).completing(() -> Converters.candidates(type));
    }

    /** One of these words. */
    public static Arg<String> choices(String name, String... choices) {
        List<String> all = List.of(choices);
        return of(name).check(all::contains, "must be one of " + String.join(", ", all))
                .completing(() -> all);
    }

    /** All words that are left, none included. Only the last argument may be one. */
    public static Arg<List<String>> rest(String name) {
        return of(name, Kind.REST, (converters, words, from) -> List.copyOf(words.subList(from, words.size())));
    }

    /**
     * What a function makes of each word that is left.
     *
     * @param converter as in {@link #of(String, Function)}
     */
    public static <T extends @Nullable Object> Arg<List<T>> rest(
            String name, Function<? super String, ? extends T> converter) {
        requireNonNull(converter, "converter");
        return of(name, Kind.REST, (converters, words, from) -> {
            List<T> values = new ArrayList<>(words.size() - from);
            for (int i = from; i < words.size(); i++) {
                values.add(converter.apply(words.get(i)));
            }
            return values;
        });
    }

    /**
     * Demands that the value passes. A default is not checked; of a rest the whole list is, an empty one too.
     *
     * @param rule completes a sentence that begins with the argument's name: {@code "must be positive"}
     */
    public Arg<T> check(Predicate<? super T> condition, String rule) {
        requireNonNull(condition, "condition");
        requireNonNull(rule, "rule");
        return with(kind, fallback, (converters, words, from) -> {
            T value = reading.read(converters, words, from);
            if (condition.test(value)) {
                return value;
            }
            throw new BadValue(name + " " + rule + ", was " + typed(words, from));
        });
    }

    private String typed(List<String> words, int from) {
        if (!isRest()) {
            return Quoted.of(words.get(from));
        }
        int count = words.size() - from;
        return count == 1 ? Quoted.of(words.get(from)) : count + " words";
    }

    /**
     * Takes the value further, as with {@code Arg.rest("files").map(List::size)}.
     *
     * @throws IllegalStateException if it has a default, which comes after this
     */
    public <U extends @Nullable Object> Arg<U> map(Function<? super T, ? extends U> function) {
        requireNonNull(function, "function");
        if (hasDefault()) {
            throw new IllegalStateException("argument " + name + " has a default; map before orElse");
        }
        return new Arg<>(
                name,
                kind,
                (converters, words, from) -> function.apply(reading.read(converters, words, from)),
                null,
                help,
                candidates);
    }

    /**
     * Makes it optional. The default is neither converted nor checked.
     *
     * @param value for a line without this argument; a rest without words gets it instead of an empty list
     */
    public Arg<T> orElse(T value) {
        return with(isRest() ? Kind.REST_WITH_DEFAULT : Kind.OPTIONAL, value, reading);
    }

    /** Makes it optional, null by default. */
    public Arg<@Nullable T> optional() {
        return new Arg<@Nullable T>(
                name,
                isRest() ? Kind.REST_WITH_DEFAULT : Kind.OPTIONAL,
                (converters, words, from) -> reading.read(converters, words, from),
                null,
                help,
                candidates);
    }

    /**
     * Demands at least one word of a rest.
     *
     * @throws IllegalStateException if it is no rest, or has a default
     */
    public Arg<T> atLeastOne() {
        if (kind != Kind.REST && kind != Kind.FULL_REST) {
            throw new IllegalStateException("argument " + name + " is no rest without a default; begin with Arg.rest");
        }
        return with(Kind.FULL_REST, null, reading);
    }

    /** What help says of it. */
    public Arg<T> help(String text) {
        return new Arg<>(name, kind, reading, fallback, requireNonNull(text, "text"), candidates);
    }

    /** What completion offers for it, asked for each time. */
    public Arg<T> completing(Supplier<? extends Collection<String>> candidates) {
        return new Arg<>(name, kind, reading, fallback, help, requireNonNull(candidates, "candidates"));
    }

    /** The name that help and errors call it by. */
    public String name() {
        return name;
    }

    private Arg<T> with(Kind kind, @Nullable Object fallback, Reading<T> reading) {
        return new Arg<>(name, kind, reading, fallback, help, candidates);
    }

    boolean isRest() {
        return kind == Kind.REST || kind == Kind.FULL_REST || kind == Kind.REST_WITH_DEFAULT;
    }

    boolean isRequired() {
        return kind == Kind.REQUIRED || kind == Kind.FULL_REST;
    }

    private boolean hasDefault() {
        return kind == Kind.OPTIONAL || kind == Kind.REST_WITH_DEFAULT;
    }

    /** For picocli: the range of words that it takes from its place on. */
    String arity() {
        return switch (kind) {
            case REQUIRED -> "1";
            case OPTIONAL -> "0..1";
            case FULL_REST -> "1..*";
            case REST, REST_WITH_DEFAULT -> "0..*";
        };
    }

    String helpText() {
        String byDefault = fallback == null ? "" : "Default: " + (fallback.equals("") ? "empty" : fallback) + ".";
        return help.isEmpty() || byDefault.isEmpty() ? help + byDefault : help + " " + byDefault;
    }

    Collection<String> candidates() {
        return candidates.get();
    }

    /**
     * Reads the value from the words, or takes the default.
     *
     * @param from where it is; there are so many words if it is required
     */
    @Nullable
    Object read(Converters converters, List<String> words, int from) throws BadValue {
        if (from >= words.size() && hasDefault()) {
            return fallback;
        }
        int start = Math.min(from, words.size());
        try {
            return reading.read(converters, words, start);
        } catch (BadValue e) {
            throw e;
        } catch (Exception e) {
            throw new BadValue(name + " cannot be read from " + typed(words, start) + ": " + Quoted.message(e), e);
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // it is this argument's own value
    T cast(@Nullable Object value) {
        return (T) value;
    }

    /** As in a usage line: {@code <symbol>}, {@code [<qty>]}, {@code [<notes>...]}. */
    @Override
    public String toString() {
        String label = "<" + name + ">" + (isRest() ? "..." : "");
        return isRequired() ? label : "[" + label + "]";
    }
}
