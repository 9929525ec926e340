package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command with more to it than a name, an operation and arguments.
 *
 * <pre>{@code
 * Verb<Book> drop = Verb.<Book>of("drop", call -> call.state().drop(call.get(symbol)), symbol)
 *         .alias("rm")
 *         .dangerous()
 *         .timeout(Duration.ofSeconds(5))
 *         .help("Drops all orders for a symbol.");
 * }</pre>
 *
 * <p>Immutable: each method makes a new one.
 *
 * @param <S> the state that the operation gets
 */
public final class Verb<S> implements Item<S> {
    private final String name;
    private final Form<S> form;
    private final List<String> aliases;
    private final boolean dangerous;
    private final @Nullable Duration timeout;
    private final String help;

    private Verb(
            String name,
            Form<S> form,
            List<String> aliases,
            boolean dangerous,
            @Nullable Duration timeout,
            String help) {
        this.name = name;
        this.form = form;
        this.aliases = aliases;
        this.dangerous = dangerous;
        this.timeout = timeout;
        this.help = help;
    }

    /**
     * A command of a function.
     *
     * @param name not blank, without control characters, and with no question mark at its end; typed in quotes if need be
     * @param args required ones first, then optional ones, then at most one rest
     * @throws IllegalArgumentException if the name or the order of the arguments is none
     */
    public static <S> Verb<S> of(String name, Operation<S> operation, Arg<?>... args) {
        requireNonNull(operation, "operation");
        return of(Group.checkWord("name", name), List.of(), new ArgsForm<>(name, operation, args));
    }

    /**
     * A command of a class with picocli's annotations, which tell its name, aliases and description.
     *
     * @param operation makes one for each run, and others that are looked at only: for what the table knows of it, help, errors,
     *     completion
     * @throws IllegalArgumentException if the name, an alias or the order of the arguments is none, or the class has subcommands,
     *     interactive parameters, or a text that picocli cannot format
     * @throws picocli.CommandLine.InitializationException if picocli refuses the class
     */
    public static <S> Verb<S> of(Supplier<? extends Operation<S>> operation) {
        var form = new ClassForm<S>(requireNonNull(operation, "operation"));
        return of(Group.checkWord("name", form.name()), List.of(), form)
                .alias(form.aliases().toArray(String[]::new));
    }

    private static <S> Verb<S> of(String name, List<String> aliases, Form<S> form) {
        return new Verb<>(name, form, aliases, false, null, form.description());
    }

    /** Adds other names; prefixes that only the names of one command have are not ambiguous. */
    public Verb<S> alias(String... names) {
        List<String> all = new ArrayList<>(aliases);
        for (String alias : names) {
            all.add(Group.checkWord("alias", alias));
        }
        return new Verb<>(name, form, List.copyOf(all), dangerous, timeout, help);
    }

    /** Demands the full name, or a full alias. Its prefixes still count where others are ambiguous. */
    public Verb<S> dangerous() {
        return new Verb<>(name, form, aliases, true, timeout, help);
    }

    /**
     * Stops a run after so long, which then fails with a {@link java.util.concurrent.TimeoutException}.
     *
     * @param timeout positive; default none
     */
    public Verb<S> timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, was " + timeout);
        }
        return new Verb<>(name, form, aliases, dangerous, timeout, help);
    }

    /**
     * What help says; the list of commands shows the first line.
     *
     * @param text default: what the operation's annotation says, else its Javadoc comment
     */
    public Verb<S> help(String text) {
        return new Verb<>(name, form, aliases, dangerous, timeout, requireNonNull(text, "text"));
    }

    /** The name by which it was defined. */
    public String name() {
        return name;
    }

    Form<S> form() {
        return form;
    }

    List<String> aliases() {
        return aliases;
    }

    boolean isDangerous() {
        return dangerous;
    }

    @Nullable
    Duration timeout() {
        return timeout;
    }

    String help() {
        return help;
    }

    /** For picocli, under the words that lead to it. */
    CommandSpec spec(Settings settings, String path) {
        CommandSpec spec = form.spec(settings).name(path);
        var usage = spec.usageMessage();
        if (!help.equals(form.description()) || usage.description().length == 0) {
            usage.description(Specs.lines(spec, help));
        }
        List<String> footer = Specs.writtenFooter(spec);
        if (!aliases.isEmpty()) {
            Collections.addAll(footer, Specs.lines(spec, "Also: " + String.join(", ", aliases)));
        }
        if (dangerous) {
            footer.add("Is not abbreviated.");
        }
        usage.footer(footer.toArray(String[]::new));
        return spec;
    }

    @Override
    public String toString() {
        return "Verb[" + name + "]";
    }
}
