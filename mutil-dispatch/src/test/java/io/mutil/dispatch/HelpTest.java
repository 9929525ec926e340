package io.mutil.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class HelpTest {
    private final Arg<String> symbol = Arg.of("symbol").help("What is traded, in % or $$.");
    private final Arg<Integer> quantity =
            Arg.of("qty", Integer::valueOf).help("How many.").orElse(100);
    private final Dispatch<Book> commands = Dispatch.<Book>builder()
            .add(Verb.<Book>of("quit", Call::name).help("Ends it."))
            .group(
                    "orders",
                    orders -> orders.add(Verb.<Book>of("buy", Call::name, symbol, quantity)
                                    .help("Buys at 100% of the market.\nIt may take ${a} while.\n\nSee sell."))
                            .add(Verb.<Book>of(
                                            "drop",
                                            Call::name,
                                            Arg.rest("symbols").atLeastOne())
                                    .alias("rm")
                                    .dangerous()
                                    .help("Drops orders.")))
            .group("größe", group -> group.add("balance", Call::name))
            .build();

    @Test
    void listsCommandsByGroup() {
        assertThat(commands.help()).isEqualTo("""
                  q     quit      Ends it.
                orders:
                  bu    buy       Buys at 100% of the market.
                  drop  drop, rm  Drops orders.
                größe:
                  ba    balance
                """);
    }

    @Test
    void tellsHowOneIsUsed() {
        assertThat(commands.help("bu")).isEqualTo("""
                Usage: buy <symbol> [<qty>]
                Buys at 100% of the market.
                It may take ${a} while.

                See sell.
                      <symbol>   What is traded, in % or $$.
                      [<qty>]    How many. Default: 100.
                """);
        assertThat(commands.help("rm")).isEqualTo("""
                Usage: drop <symbols>...
                Drops orders.
                      <symbols>...
                Also: rm
                Is not abbreviated.
                """);
        assertThatThrownBy(() -> commands.help("zzz")).isInstanceOf(DispatchException.class);
        assertThatThrownBy(() -> commands.help("'"))
                .isInstanceOf(DispatchException.class)
                .hasMessage("No closing quotation; close the quote, or put a backslash before it");
        assertThat(commands.help("")).isEqualTo(commands.help());
    }

    @Test
    void listsNestedGroups() {
        Dispatch<Book> nested = commands.toBuilder().nested(true).build();

        assertThat(nested.help()).isEqualTo("""
                  q       quit      Ends it.
                orders:
                  o b     buy       Buys at 100% of the market.
                  o drop  drop, rm  Drops orders.
                größe:
                  g b     balance
                """);
        assertThat(nested.help("o b")).startsWith("Usage: orders buy <symbol> [<qty>]\n");
        assertThat(nested.help("g")).isEqualTo("größe:\n  g b  balance\n");
    }

    /** What the processor has kept of its comment is among the test's resources. */
    @Command(name = "commented")
    static final class Commented implements Operation<Book> {
        @Override
        public String run(Call<Book> call) {
            return "";
        }
    }

    @Test
    void commentsOfClassesAreTheirHelp() {
        var table = Dispatch.<Book>builder()
                .add(Commented::new)
                .add("function", new Commented())
                .add(Verb.of("other", new Commented()).help("Has a text of its own."))
                .build();

        assertThat(table.help()).isEqualTo("""
                  c  commented  Does a. b as its comment says.
                  f  function   Does a. b as its comment says.
                  o  other      Has a text of its own.
                """);
        assertThat(table.help("c")).isEqualTo("Usage: commented\nDoes a. b as its comment says.\nAnd more.\n");
    }

    @Test
    void anEmptyTableHasNone() {
        assertThat(Dispatch.builder().build().help()).isEmpty();
    }

    @Test
    void anOpenQuoteIsABadLine() {
        assertThatThrownBy(() -> commands.help("buy '"))
                .isInstanceOfSatisfying(
                        DispatchException.class, e -> assertThat(e.kind()).isEqualTo(DispatchException.Kind.BAD_LINE))
                .hasMessage("No closing quotation; close the quote, or put a backslash before it");
    }
}
