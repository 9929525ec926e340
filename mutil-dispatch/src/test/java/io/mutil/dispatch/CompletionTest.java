package io.mutil.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class CompletionTest {
    private final Arg<String> side = Arg.choices("side", "sell", "buy", "borrow");
    private final Arg<TimeUnit> unit = Arg.of("unit", TimeUnit.class);
    private final Arg<Boolean> on = Arg.of("on", Boolean.class).orElse(false);
    private final Arg<List<String>> files = Arg.rest("files").completing(() -> List.of("b.txt", "a.txt", "a.txt"));
    private final Dispatch<Book> commands = Dispatch.<Book>builder()
            .add("order", Call::name, side, unit, on)
            .add(Verb.<Book>of("open", Call::name, files).alias("show").dangerous())
            .add(Annotated::new)
            .build();

    /** Has options and parameters. */
    @Command(name = "annotated")
    static final class Annotated implements Operation<Book> {
        @Option(names = {"-u", "--unit"})
        TimeUnit unit = TimeUnit.DAYS;

        @Option(names = "--flag")
        boolean flag;

        @Parameters(index = "0", completionCandidates = Symbols.class)
        String symbol = "";

        @Parameters(index = "1")
        boolean sure;

        @Override
        public String run(Call<Book> call) {
            return symbol + unit + flag + sure;
        }
    }

    /** What picocli is told. */
    static final class Symbols extends java.util.ArrayList<String> {
        private static final long serialVersionUID = 1;

        Symbols() {
            super(List.of("AAPL", "MSFT", "AMZN"));
        }
    }

    @Test
    void offersNamesAndAliases() {
        assertThat(commands.complete("")).containsExactly("annotated", "open", "order", "show");
        assertThat(commands.complete("  o")).containsExactly("open", "order");
        assertThat(commands.complete("zzz")).isEmpty();
    }

    @Test
    void offersValues() {
        assertThat(commands.complete("or ")).containsExactly("borrow", "buy", "sell");
        assertThat(commands.complete("or b")).containsExactly("borrow", "buy");
        assertThat(commands.complete("or \"b")).containsExactly("borrow", "buy");
        assertThat(commands.complete("or buy M")).containsExactly("MICROSECONDS", "MILLISECONDS", "MINUTES");
        assertThat(commands.complete("or buy DAYS ")).containsExactly("false", "true");
        assertThat(commands.complete("or buy DAYS true ")).isEmpty();
        assertThat(commands.complete("show x y ")).containsExactly("a.txt", "b.txt");
        assertThat(commands.complete("sho x y ")).isEmpty();
        assertThat(commands.complete("zzz ")).isEmpty();
    }

    @Test
    void offersWhatPicocliKnows() {
        assertThat(commands.complete("an ")).containsExactly("AAPL", "AMZN", "MSFT");
        assertThat(commands.complete("an --")).containsExactly("--flag", "--unit");
        assertThat(commands.complete("an -u MIN")).containsExactly("MINUTES");
        assertThat(commands.complete("an --flag A")).containsExactly("AAPL", "AMZN");
        assertThat(commands.complete("an -u DAYS AAPL ")).containsExactly("false", "true");
    }

    @Test
    void offersWordsOfNestedGroups() {
        Dispatch<Book> nested = Dispatch.<Book>builder()
                .nested(true)
                .group(
                        "show",
                        show -> show.group("ip", ip -> ip.add("route", Call::name, side))
                                .add("interface", Call::name))
                .build();

        assertThat(nested.complete("s")).containsExactly("show");
        assertThat(nested.complete("s ")).containsExactly("interface", "ip");
        assertThat(nested.complete("s ip ")).containsExactly("route");
        assertThat(nested.complete("s ip r s")).containsExactly("sell");
        assertThat(nested.complete("s i r")).isEmpty();
    }

    @Test
    void looksAtTheWordsBeforeOnly() {
        List<String> words = List.of("or", "b", "zzz");

        assertThat(commands.complete(words, 0)).containsExactly("order");
        assertThat(commands.complete(words, 1)).containsExactly("borrow", "buy");
        assertThatThrownBy(() -> commands.complete(words, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aCommandWithoutArgumentsHasNoValues() {
        var table = Dispatch.<Book>builder().add("quit", Call::name).build();

        assertThat(table.complete("quit ")).isEmpty();
    }
}
