package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands that are classes with picocli's annotations. */
class ClassFormTest {
    private final List<String> shown = new ArrayList<>();
    private final Dispatch<Book> commands = Dispatch.<Book>builder()
            .add(Sell::new)
            .add(Plain::new)
            .add(Own::new)
            .converter(StringBuilder.class, word -> new StringBuilder(word).reverse())
            .build();

    /** Has options, so that picocli parses it. */
    @Command(
            name = "sell",
            aliases = "dump",
            description = {"Sells at 100%% of the market.", "Or not."},
            version = "1.0",
            mixinStandardHelpOptions = true)
    static final class Sell implements Operation<Book> {
        @Option(
                names = {"-a", "--all"},
                description = "All of it.")
        boolean all;

        @Option(names = "--unit")
        TimeUnit unit = TimeUnit.DAYS;

        @Parameters(index = "0")
        String symbol = "";

        @Parameters(index = "1", defaultValue = "1")
        int quantity;

        @Override
        public String run(Call<Book> call) {
            return all ? call.state().sellAll(symbol) : call.state().sell(symbol, quantity) + " in " + unit;
        }
    }

    /** Has nothing but plain parameters, so that its fields are set without picocli. */
    @Command(name = "plain")
    static final class Plain implements Operation<Book> {
        @Parameters(index = "0")
        String text = "";

        @Parameters(index = "1")
        int number;

        @Parameters(index = "2", arity = "0..1")
        @Nullable
        Long big;

        @Parameters(index = "3", arity = "0..1", defaultValue = "0.5")
        double share;

        @Parameters(index = "4", arity = "0..1")
        BigDecimal amount = BigDecimal.TEN;

        @Override
        public String run(Call<Book> call) {
            return toString();
        }

        @Override
        public String toString() {
            return text + "|" + number + "|" + big + "|" + share + "|" + amount;
        }
    }

    /** Has a type with a converter of its own. */
    @Command(name = "own")
    static final class Own implements Operation<Book> {
        @Parameters(index = "0")
        StringBuilder text = new StringBuilder();

        @Spec
        @Nullable
        CommandSpec spec;

        @Override
        public String run(Call<Book> call) {
            return text + " of " + requireNonNull(spec).name();
        }
    }

    private @Nullable Object run(String line) throws Exception {
        return commands.run(line, new Book(), shown::add);
    }

    private String complaint(String line) {
        return requireNonNull(requireNonNull(catchThrowableOfType(DispatchException.class, () -> run(line)))
                .getMessage());
    }

    @Test
    void fillsFields() throws Exception {
        assertThat(run("se AAPL 3")).isEqualTo("sold 3 AAPL in DAYS");
        assertThat(run("du --unit HOURS AAPL")).isEqualTo("sold 1 AAPL in HOURS");
        assertThat(run("sell AAPL -a")).isEqualTo("sold all AAPL");
        assertThat(run("pl x 1")).isEqualTo("x|1|null|0.5|10");
        assertThat(run("pl 'x y' 1 2 3 4.50")).isEqualTo("x y|1|2|3.0|4.50");
        assertThat(run("own abc")).isEqualTo("cba of own");
    }

    @Test
    void eachRunHasItsOwnInstance() throws Exception {
        assertThat(run("sell AAPL -a")).isEqualTo("sold all AAPL");
        assertThat(run("sell AAPL")).isEqualTo("sold 1 AAPL in DAYS");
        assertThat(run("pl x 1 2 3 4")).isEqualTo("x|1|2|3.0|4");
        assertThat(run("pl x 1")).isEqualTo("x|1|null|0.5|10");
    }

    @Test
    void saysWhatPicocliSays() {
        assertThat(complaint("sell"))
                .isEqualTo(
                        "sell: Missing required parameters: '<symbol>', '<quantity>'; usage: sell [-ahV] [--unit=<unit>] <symbol> <quantity>");
        assertThat(complaint("plain x y"))
                .isEqualTo("plain: Invalid value for positional parameter at index 1 (<number>): 'y' is not an int;"
                        + " usage: plain <text> <number> [<big>] [<share>] [<amount>]");
        assertThat(complaint("plain x 1 2 3 4 5")).contains("Unmatched argument at index 5: '5'");
        assertThat(complaint("plain 'x' 'y\u001b[2J" + "y".repeat(1000) + "'"))
                .contains("'y\\u001b[2J")
                .hasSizeLessThan(350);
        assertThat(complaint("sell --unit YEARS AAPL")).contains("Invalid value for option '--unit'");
    }

    @Test
    void helpOptionsShowHelp() throws Exception {
        assertThat(run("sell --help")).isNull();
        assertThat(shown).contains("Sells at 100% of the market.", "  -a, --all           All of it.", "Also: dump");

        shown.clear();
        assertThat(run("sell -V")).isNull();
        assertThat(shown).containsExactly("1.0");
    }

    @Test
    void noLineReadsAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "stolen");

        assertThat(run("sell @" + file)).isEqualTo("sold 1 @" + file + " in DAYS");
        assertThat(run("plain @" + file + " 1")).isEqualTo("@" + file + "|1|null|0.5|10");
    }

    /** Takes all words. */
    @Command(name = "rest", hidden = true)
    static final class Rest implements Operation<Book> {
        @Parameters
        List<String> words = List.of();

        @Override
        public List<String> run(Call<Book> call) {
            return words;
        }
    }

    @Test
    void hiddenOnesAreNotListed() throws Exception {
        Dispatch<Book> table = commands.toBuilder().add(Rest::new).build();

        assertThat(table.help()).doesNotContain("rest").contains("plain");
        assertThat(table.run("re a b", new Book())).isEqualTo(List.of("a", "b"));
        assertThat(table.complete("")).doesNotContain("rest").contains("plain");
        assertThat(refused(table, "erst").candidates()).isEmpty();
        assertThat(refused(table, "").candidates()).containsExactly("sell", "plain", "own");
    }

    @Test
    void hiddenOnesAreNamedToWhoeverBeganTheirNames() {
        Dispatch<Book> table =
                commands.toBuilder().add(Rest::new).add("reset", Call::name).build();

        assertThat(refused(table, "res").candidates()).containsExactly("rest", "reset");
    }

    @Test
    void aGroupOfHiddenOnesTellsNone() {
        Dispatch<Book> table = Dispatch.<Book>builder()
                .nested(true)
                .group("more", more -> more.add(Rest::new))
                .build();

        assertThat(refused(table, "more")).hasMessage("more is a group; go on with ?");
    }

    private static DispatchException refused(Dispatch<Book> table, String line) {
        return requireNonNull(catchThrowableOfType(DispatchException.class, () -> table.run(line, new Book())));
    }

    /** Has no name. */
    static final class Nameless implements Operation<Book> {
        @Parameters
        String text = "";

        @Override
        public String run(Call<Book> call) {
            return text;
        }
    }

    /** Has a required parameter after an optional one. */
    @Command(name = "misordered")
    static final class Misordered implements Operation<Book> {
        @Parameters(index = "0", defaultValue = "1")
        int optional;

        @Parameters(index = "1")
        int required;

        @Override
        public Integer run(Call<Book> call) {
            return optional + required;
        }
    }

    /** Has a command below it. */
    @Command(name = "parent", subcommands = Rest.class)
    static final class Parent implements Operation<Book> {
        @Override
        public String run(Call<Book> call) {
            return "";
        }
    }

    /** Would ask at the console. */
    @Command(name = "login")
    static final class Login implements Operation<Book> {
        @Option(names = "--password", interactive = true)
        String password = "";

        @Override
        public Integer run(Call<Book> call) {
            return password.length();
        }
    }

    /** Has a percent sign that picocli takes for the beginning of a format. */
    @Command(name = "percent", description = "Sells 100% of it.")
    static final class Percent implements Operation<Book> {
        @Override
        public String run(Call<Book> call) {
            return "";
        }
    }

    /** Has one with a parameter. */
    @Command(name = "share")
    static final class Share implements Operation<Book> {
        @Parameters(description = "Is ${DEFAULT-VALUE} in %, not more.", defaultValue = "5%")
        String share = "";

        @Override
        public String run(Call<Book> call) {
            return share;
        }
    }

    /** Has a footer, in which a variable stands as such. */
    @Command(
            name = "footed",
            footer = {"See $${a}.", "100%% of ${sys:file.separator}."})
    static final class Footed implements Operation<Book> {
        @Override
        public String run(Call<Book> call) {
            return "";
        }
    }

    @Test
    void helpHasTheTextOfTheClassAndOfTheVerb() {
        Verb<Book> verb =
                Verb.<Book>of(Footed::new).alias("f$$t").dangerous().help("Costs $$ 5, ${sys:user.home} or ${a}.");
        var table = Dispatch.<Book>builder().add(verb).build();

        assertThat(table.help("footed").lines())
                .containsExactly(
                        "Usage: footed",
                        "Costs $$ 5, ${sys:user.home} or ${a}.",
                        "See ${a}.",
                        "100% of " + java.io.File.separator + ".",
                        "Also: f$$t",
                        "Is not abbreviated.");
    }

    @Test
    void refusesClassesThatCannotBeCommands() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verb.of(Nameless::new))
                .withMessageContaining("has no name; annotate it with @Command(name = ...)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verb.of(Misordered::new))
                .withMessage(
                        "command misordered: required <required> comes after optional <optional>; put it before, or give it"
                                + " a default");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verb.of(Parent::new))
                .withMessageContaining("has subcommands");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verb.of(Login::new))
                .withMessage(
                        "command login: <password> is interactive and would read from the console of this program; take"
                                + " it as an argument");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verb.of(Percent::new))
                .withMessage("command percent: text \"Sells 100% of it.\" is no format; write %% for a percent sign, %n"
                        + " for the end of a line");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verb.of(Share::new))
                .withMessageContaining("is no format");
    }
}
