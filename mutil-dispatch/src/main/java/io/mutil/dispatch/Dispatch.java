package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * A table of commands, each called by any prefix that no other command has.
 *
 * <pre>{@code
 * Arg<String> symbol = Arg.of("symbol");
 * Arg<Integer> quantity = Arg.of("qty", Integer::valueOf).check(q -> q > 0, "must be positive").orElse(1);
 * Dispatch<Book> commands = Dispatch.<Book>builder()
 *         .add("buy", call -> call.state().buy(call.get(symbol), call.get(quantity)), symbol, quantity)
 *         .build();
 * Object bought = commands.run("b AAPL 10", book);
 * }</pre>
 *
 * <p>A line is split as a POSIX shell does it: quotes and backslashes, no variables, no patterns, no comments. Its first word is the
 * whole name of a command or a prefix that is unique; a whole name beats longer names. With {@linkplain
 * DispatchBuilder#nested nested} groups the first words are groups. A word {@code ?}, or a question mark behind the name, gives
 * help instead of a run: it goes to the sink, and the result is null. In quotes it is a word like any other.
 *
 * <p>Immutable and safe for use by many threads. More commands make another table, by {@link #toBuilder}.
 *
 * @param <S> the state that each line is run with
 */
public final class Dispatch<S> {
    private final Table<S> table;
    private final DispatchBuilder<S> choices;
    private final Executor executor;
    private final Timeouts timeouts;
    private final Tally tally = new Tally();

    Dispatch(Group<S> root, Settings settings, DispatchBuilder<S> choices, Executor executor, Timeouts timeouts) {
        this.choices = choices;
        this.executor = executor;
        this.timeouts = timeouts;
        table = new Table<>(root, settings);
    }

    /** Begins an empty table. */
    public static <S> DispatchBuilder<S> builder() {
        return new DispatchBuilder<>();
    }

    /** Begins a table with the commands and choices of this one. */
    public DispatchBuilder<S> toBuilder() {
        return choices.copy();
    }

    /** As {@link #run(String, Object, Consumer)}; what is shown, help included, goes nowhere. */
    public @Nullable Object run(String line, S state) throws Exception {
        return run(line, state, Dispatch::drop);
    }

    private static void drop(String line) {}

    /**
     * Runs a line on the caller's thread. A stage that the operation returns is waited for. Interrupting the thread stops the run,
     * and so does the command's {@linkplain Verb#timeout timeout}: the operation is interrupted, its stage cancelled. An operation
     * that does not heed the interrupt is waited for all the same. The time begins before the arguments are read.
     *
     * @param out takes what is shown, one line a call
     * @return the operation's result, or the value of its stage
     * @throws DispatchException if the line cannot be run
     * @throws java.util.concurrent.TimeoutException if it took longer than the command may
     * @throws InterruptedException if interrupted while waiting for a stage
     * @throws Exception what the operation throws, or its stage fails with, as it is
     */
    public @Nullable Object run(String line, S state, Consumer<String> out) throws Exception {
        requireNonNull(line, "line");
        return run(() -> table.job(line), state, out);
    }

    /**
     * Runs words that were split elsewhere, as the arguments of a program are. Otherwise as {@link #run(String, Object, Consumer)}; as
     * nobody knows what was quoted, each {@code ?} asks.
     */
    public @Nullable Object run(List<String> words, S state, Consumer<String> out) throws Exception {
        List<String> copy = List.copyOf(words);
        return run(() -> table.job(copy), state, out);
    }

    private @Nullable Object run(Supplier<Job<S>> line, S state, Consumer<String> out) throws Exception {
        requireNonNull(out, "out");
        return new Sitting<>(state, out, timeouts, tally).run(line);
    }

    /**
     * Runs a line on the table's {@linkplain DispatchBuilder#executor executor}, reading of arguments included. To cancel or
     * complete the future stops the run: the operation is interrupted, its stage cancelled, and only then does the future end.
     * When the command's {@linkplain Verb#timeout timeout} is over, which begins with the run, that is done too, whatever the
     * operation does, and the future fails with a {@link java.util.concurrent.TimeoutException}.
     *
     * @param out takes what is shown, one line a call, on the operation's threads
     * @return completes with the result, or fails with what {@link #run(String, Object, Consumer)} throws, and with a {@link
     *     java.util.concurrent.RejectedExecutionException} if the executor takes no more work
     */
    public CompletableFuture<@Nullable Object> runAsync(String line, S state, Consumer<String> out) {
        requireNonNull(line, "line");
        requireNonNull(out, "out");
        var flight = new Flight<>(state, out, timeouts, tally);
        flight.begin(() -> table.job(line), executor);
        return flight;
    }

    /**
     * All commands by group, one a line: the shortest word for it, its names, the first line of its help text.
     *
     * @return lines that end with a line feed
     */
    public String help() {
        return help("");
    }

    /**
     * The usage of a command, or the list of a group.
     *
     * @param name as in a line, prefixes too; empty for all
     * @throws DispatchException if there is no such command, or the name cannot be split
     */
    public String help(String name) {
        return text(table.help(name));
    }

    private static String text(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /** As {@link #complete(List, int)}, for the end of a line that may be in the middle of a word. */
    public List<String> complete(String line) {
        Words.Cut cut = Words.cut(line, line.length());
        return complete(cut.words(), cut.index());
    }

    /**
     * What a word may become: names, options, and values of arguments as far as these are known.
     *
     * @param index of a word that begins as it stands; those before it count, those behind it do not
     * @return whole words, unquoted, sorted; empty if nothing fits or nothing is known
     * @throws IndexOutOfBoundsException if there is no such word
     */
    public List<String> complete(List<String> words, int index) {
        return Completion.of(table, List.copyOf(words), index);
    }

    /**
     * The table as picocli has it, for what takes a {@code CommandLine}: documentation, completion scripts, or a program's {@code
     * execute(args)}, whose exit codes are picocli's. Groups are subcommands if they are nested. Names are not abbreviated there.
     * An annotated class has one instance in it, used again by each {@code execute}, as picocli does.
     *
     * @param out takes what operations show; errors and help go where picocli sends them
     * @return a new one at each call; not safe for use by many threads
     */
    public CommandLine commandLine(String name, S state, Consumer<String> out) {
        return PicocliTable.of(table, requireNonNull(name, "name"), job -> run(() -> job, state, out));
    }

    /** What became of the lines so far. */
    public DispatchStats stats() {
        return tally.stats(table.size());
    }

    @Override
    public String toString() {
        return "Dispatch[" + table.size() + " commands]";
    }
}
