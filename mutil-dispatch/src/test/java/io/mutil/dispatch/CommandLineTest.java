package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A table as a program's command line. */
class CommandLineTest {
    private final Arg<String> symbol = Arg.of("symbol");
    private final Arg<Integer> quantity = Arg.of("qty", Integer::valueOf)
            .check(q -> q > 0, "must be positive")
            .orElse(1);
    private final Arg<List<String>> notes = Arg.rest("notes").check(all -> all.size() < 3, "must be few");
    private final Book book = new Book();
    private final StringWriter err = new StringWriter();
    private final StringWriter usage = new StringWriter();
    private final Dispatch<Book> table = Dispatch.<Book>builder()
            .add(
                    "buy",
                    call -> call.state().buy(call.get(symbol), call.get(quantity)) + call.get(notes),
                    symbol,
                    quantity,
                    notes)
            .group(
                    "more",
                    more -> more.add(Verb.<Book>of("drop", call -> call.state().drop(call.get(symbol)), symbol)
                                    .alias("rm"))
                            .add(ClassFormTest.Sell::new)
                            .add("fail", call -> {
                                throw new IOException("gone");
                            }))
            .build();

    private CommandLine line() {
        return line(table);
    }

    private CommandLine line(Dispatch<Book> table) {
        return table.commandLine("book", book, text -> {})
                .setErr(new PrintWriter(err, true))
                .setOut(new PrintWriter(usage, true));
    }

    @Test
    void runsOperations() {
        CommandLine line = line();

        assertThat(line.execute("buy", "AAPL", "10", "a", "b")).isZero();
        assertThat(line.execute("rm", "AAPL")).isZero();
        assertThat(line.execute("sell", "--all", "AAPL")).isZero();
        assertThat(line.execute("buy", "--", "7", "-n")).isZero();
        assertThat(book.done).containsExactly("bought 10 AAPL", "dropped AAPL", "sold all AAPL", "bought 7 --");
        assertThat(requireNonNull(line.getSubcommands().get("buy")).<Object>getExecutionResult())
                .isEqualTo("bought 7 --[-n]");
        assertThat(table.stats().succeeded()).isEqualTo(4);
    }

    @Test
    void groupsAreSubcommandsIfNested() {
        CommandLine line = line(table.toBuilder().nested(true).build());

        assertThat(line.execute("more", "drop", "AAPL")).isZero();
        assertThat(line.execute("more")).isEqualTo(2);
        assertThat(book.done).containsExactly("dropped AAPL");
        assertThat(err.toString()).startsWith("a command is missing");
    }

    @Test
    void reportsAsPicocliDoes() {
        assertThat(line().execute("buy")).isEqualTo(2);
        assertThat(line().execute("buy", "AAPL", "0")).isEqualTo(2);
        assertThat(line().execute("buy", "AAPL", "1", "a", "b", "c")).isEqualTo(2);
        assertThat(line().execute("fail")).isEqualTo(1);
        assertThat(line().execute("sell", "--help")).isZero();

        assertThat(err.toString())
                .contains("Missing required parameter: '<symbol>'")
                .contains("Invalid value for positional parameter at index 1 (<qty>): qty must be positive, was \"0\"")
                .contains("notes must be few, was 3 words")
                .contains("java.io.IOException: gone");
        assertThat(usage.toString()).contains("Sells at 100% of the market.");
        assertThat(book.done).isEmpty();
    }

    @Provide
    static Arbitrary<List<String>> words() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().ofMaxLength(3),
                        Arbitraries.integers().between(-2, 20).map(String::valueOf),
                        Arbitraries.of("", "-x", "--", "@file", "a=b", "'q'", "${a}", "--qty", "--qty=1"))
                .list()
                .ofMaxSize(6);
    }

    @Property(tries = 200)
    void picocliTakesTheSameWords(@ForAll @From("words") List<String> words) throws Exception {
        var form = new ArgsForm<Book>("buy", Call::name, new Arg<?>[] {symbol, quantity, notes});
        var settings = new Settings(false, false, new Converters(Map.of()));
        Object[] direct = new Object[3];
        boolean taken = prepares(() -> form.prepare(settings, words, 0, direct));

        Object[] parsed = new Object[3];
        var line = new CommandLine(form.spec(settings));
        boolean takenByPicocli = prepares(() -> {
            line.parseArgs(words.toArray(String[]::new));
            return form.prepared(settings, line, parsed);
        });

        assertThat(takenByPicocli).isEqualTo(taken);
        if (taken) {
            assertThat(parsed).isEqualTo(direct);
        }
    }

    private interface Attempt {
        Object run() throws BadValue;
    }

    private static boolean prepares(Attempt attempt) {
        try {
            var unused = attempt.run();
            return true;
        } catch (BadValue | CommandLine.ParameterException e) {
            return false;
        }
    }

    @Test
    void specsHaveWhatDocumentationNeeds() {
        CommandLine buy = requireNonNull(line().getSubcommands().get("buy"));
        List<String> labels = new ArrayList<>();
        buy.getCommandSpec().positionalParameters().forEach(parameter -> labels.add(parameter.paramLabel()));

        assertThat(labels).containsExactly("<symbol>", "<qty>", "<notes>");
        assertThatThrownBy(() -> buy.parseArgs("AAPL", "x")).isInstanceOf(CommandLine.ParameterException.class);
    }
}
