package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mutil.dispatch.DispatchException.Kind;
import io.mutil.testkit.Background;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DispatchTest {
    private final Arg<String> symbol = Arg.of("symbol");
    private final Arg<Integer> quantity = Arg.of("qty", Integer::valueOf)
            .check(q -> q > 0, "must be positive")
            .orElse(1);
    private final Book book = new Book();
    private final List<String> shown = new ArrayList<>();

    private final Dispatch<Book> commands = Dispatch.<Book>builder()
            .group(
                    "orders",
                    orders -> orders.add(
                                    "buy",
                                    call -> call.state().buy(call.get(symbol), call.get(quantity)),
                                    symbol,
                                    quantity)
                            .add("sell", call -> call.state().sell(call.get(symbol)), symbol)
                            .add(Verb.<Book>of("drop", call -> call.state().drop(call.get(symbol)), symbol)
                                    .alias("rm")
                                    .dangerous()))
            .group(
                    "info",
                    info -> info.add(Verb.<Book>of("balance", Call::name).alias("bal", "balances"))
                            .add("delay", Call::name))
            .build();

    private DispatchException refused(String line) {
        return refused(commands, line);
    }

    private DispatchException refused(Dispatch<Book> table, String line) {
        return requireNonNull(catchThrowableOfType(DispatchException.class, () -> table.run(line, book)));
    }

    @Test
    void runsByTheShortestUniquePrefix() throws Exception {
        assertThat(commands.run("bu AAPL 10", book)).isEqualTo("bought 10 AAPL");
        assertThat(commands.run("s 'BRK B'", book)).isEqualTo("sold BRK B");
        assertThat(commands.run(List.of("buy", "it's"), book, shown::add)).isEqualTo("bought 1 it's");

        assertThat(book.done).containsExactly("bought 10 AAPL", "sold BRK B", "bought 1 it's");
    }

    @Test
    void namesOfOneCommandAreNotAmbiguous() throws Exception {
        assertThat(commands.run("ba", book)).isEqualTo("balance");
        assertThat(commands.run("balances", book)).isEqualTo("balance");
        assertThat(commands.run("bal", book)).isEqualTo("balance");
    }

    @Test
    void tellsWhatAnAmbiguousWordMayBe() {
        DispatchException error = refused("b AAPL");

        assertThat(error).hasMessage("\"b\" may be buy or balance; type more of it");
        assertThat(error.kind()).isEqualTo(Kind.AMBIGUOUS);
        assertThat(error.candidates()).containsExactly("buy", "balance");
    }

    @Test
    void guessesWhatAnUnknownWordWasToBe() {
        assertThat(refused("seel")).hasMessage("there is no command \"seel\"; did you mean sell?");
        assertThat(refused("seel").candidates()).containsExactly("sell");
        assertThat(refused("xyzzyx")).hasMessage("there is no command \"xyzzyx\"; ? lists all");
        assertThat(refused("xyzzyx").kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(refused("'' x").kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void showsOfAnUnknownWordOnlySoMuchAsFitsALine() {
        assertThat(refused("'x\ty\u001b' z")).hasMessageContaining("\"x\\u0009y\\u001b\"");
        assertThat(requireNonNull(refused("x".repeat(100_000)).getMessage())).hasSizeLessThan(150);
    }

    @Test
    void dangerousCommandsWantTheirFullName() throws Exception {
        DispatchException error = refused("dr AAPL");

        assertThat(error).hasMessage("drop is dangerous and wants its full name, not \"dr\"");
        assertThat(error.kind()).isEqualTo(Kind.FULL_NAME_NEEDED);
        assertThat(error.candidates()).containsExactly("drop");
        assertThat(refused("d AAPL").kind()).isEqualTo(Kind.AMBIGUOUS);
        assertThat(refused("r AAPL").kind()).isEqualTo(Kind.FULL_NAME_NEEDED);
        assertThat(book.done).isEmpty();
        assertThat(commands.run("drop AAPL", book)).isEqualTo("dropped AAPL");
        assertThat(commands.run("rm AAPL", book)).isEqualTo("dropped AAPL");
    }

    @Test
    void refusesLinesThatCannotBeSplit() {
        assertThat(refused("buy 'AAPL"))
                .hasMessage("No closing quotation; close the quote, or put a backslash before it");
        assertThat(refused("buy \\")).hasMessage("No escaped character; put another backslash behind the last one");
        assertThat(refused("buy \\").kind()).isEqualTo(Kind.BAD_LINE);
    }

    @Test
    void refusesEmptyLines() {
        assertThat(refused(" \t")).hasMessage("the line has no command; ? lists all");
        assertThat(refused("").kind()).isEqualTo(Kind.INCOMPLETE);
    }

    @Test
    void tellsWhatIsWrongWithAnArgument() {
        String usage = "; usage: buy <symbol> [<qty>]";

        assertThat(refused("bu")).hasMessage("buy: <symbol> is missing" + usage);
        assertThat(refused("bu AAPL 0")).hasMessage("buy: qty must be positive, was \"0\"" + usage);
        assertThat(refused("bu AAPL ten"))
                .hasMessage("buy: qty cannot be read from \"ten\": For input string: \"ten\"" + usage);
        assertThat(refused("bu AAPL 1 2")).hasMessage("buy: there is no argument for \"2\"" + usage);
        assertThat(refused("bu AAPL 1 2").kind()).isEqualTo(Kind.BAD_ARGUMENTS);
        assertThat(book.done).isEmpty();
    }

    @Test
    void leavesSurplusWordsAloneIfTold() throws Exception {
        Dispatch<Book> lenient = commands.toBuilder().ignoreSurplus(true).build();

        assertThat(lenient.run("bu AAPL 1 2", book)).isEqualTo("bought 1 AAPL");
    }

    @Test
    void passesOnWhatAnOperationThrows() {
        var checked = new IOException("gone");
        CompletableFuture<String> failed = CompletableFuture.failedFuture(checked);
        var table = Dispatch.<Book>builder()
                .add("fail", call -> {
                    throw checked;
                })
                .add("later", call -> failed)
                .add("never", call -> {
                    throw new StackOverflowError();
                })
                .build();

        assertThatThrownBy(() -> table.run("f", book)).isSameAs(checked);
        assertThatThrownBy(() -> table.run("l", book)).isSameAs(checked);
        assertThatThrownBy(() -> table.run("n", book)).isInstanceOf(StackOverflowError.class);
        assertThat(table.stats().failed()).isEqualTo(3);
    }

    @Test
    void waitsForTheStageOfAnOperation() throws Exception {
        CompletableFuture<String> stage = CompletableFuture.supplyAsync(() -> "done");
        var table = Dispatch.<Book>builder().add("later", call -> stage).build();

        assertThat(table.run("l", book)).isEqualTo("done");
    }

    @Test
    void refusesANameThatIsTakenTwice() {
        var builder = Dispatch.<Book>builder()
                .group("orders", orders -> orders.add("buy", Call::name))
                .group("info", info -> info.add("buy", Call::name));

        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessage(
                        "name buy is taken twice, in group orders and in group info; rename one, or make groups words"
                                + " of the line with nested(true)");
        assertThat(builder.nested(true).build().stats().commands()).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        commands.toBuilder().add(Verb.of("bal", Call::name)).build())
                .withMessageContaining("name bal is taken twice");
    }

    @Test
    void aGroupsNameIsNoCommand() {
        assertThat(refused("orders").kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(refused("info buy").kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void refusesNamesThatCannotBeTyped() {
        for (String name : new String[] {"", " ", "what?", "?", "a\tb", "a\u0000"}) {
            assertThatIllegalArgumentException()
                    .as(name)
                    .isThrownBy(() -> Verb.of(name, Call::name))
                    .withMessageContaining("must not be blank, have control characters, or end with a question mark");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dispatch.builder().group(" ", group -> {}))
                .withMessageContaining("must not be blank");
    }

    @Test
    void nestedGroupsAreWordsByTheirPrefixes() throws Exception {
        Dispatch<Book> nested = nested();

        assertThat(nested.run("sh ip ro", book)).isEqualTo("show ip route");
        assertThat(nested.run("show interface", book)).isEqualTo("show interface");
        assertThat(nested.run("q", book)).isEqualTo("quit");
        assertThat(refused(nested, "sh i")).hasMessage("\"show i\" may be ip or interface; type more of it");
        assertThat(refused(nested, "sh ip x")).hasMessageStartingWith("there is no command \"show ip x\"");
        assertThat(refused(nested, "sh ip"))
                .hasMessage("show ip is a group; go on with route or arp, or with ?")
                .extracting("kind")
                .isEqualTo(Kind.INCOMPLETE);
        assertThat(refused(nested, "sh ip").candidates()).containsExactly("route", "arp");
    }

    private static Dispatch<Book> nested() {
        return Dispatch.<Book>builder()
                .nested(true)
                .group(
                        "show",
                        show -> show.group(
                                        "ip", ip -> ip.add("route", Call::name).add("arp", Call::name))
                                .add("interface", Call::name))
                .add("quit", Call::name)
                .build();
    }

    @Test
    void aGroupAndACommandOfOneLevelDifferInName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dispatch.<Book>builder()
                        .nested(true)
                        .add("show", Call::name)
                        .group("show", show -> show.add("ip", Call::name))
                        .build())
                .withMessageContaining("name show is taken twice");
    }

    @Test
    void refusesAGroupWithoutCommands() {
        var builder = Dispatch.<Book>builder().group("show", show -> show.group("ip", ip -> {}));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.nested(true).build())
                .withMessage("group show ip has no commands; add some, or leave it out");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.nested(false).build())
                .withMessage("group ip has no commands; add some, or leave it out");
        assertThat(builder.group("show", show -> show.group("ip", ip -> ip.add("arp", Call::name)))
                        .build()
                        .stats()
                        .commands())
                .isEqualTo(1);
    }

    @Test
    void questionMarksAskForHelp() throws Exception {
        assertThat(commands.run("bu?", book, shown::add)).isNull();
        assertThat(shown).contains("Usage: buy <symbol> [<qty>]");
        for (String line : new String[] {"bu ?", "buy AAPL ?", "buy ? AAPL 1 2 3", "buy 'A P' ?"}) {
            List<String> again = new ArrayList<>();
            assertThat(commands.run(line, book, again::add)).as(line).isNull();
            assertThat(again).as(line).isEqualTo(shown);
        }
        assertThat(book.done).isEmpty();
    }

    @Test
    void questionMarksInQuotesAreText() throws Exception {
        assertThat(commands.run("s '?'", book)).isEqualTo("sold ?");
        assertThat(commands.run("s \\?", book)).isEqualTo("sold ?");
        assertThat(commands.run("s what?", book)).isEqualTo("sold what?");
        assertThat(refused("'sell?' x").kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void aQuestionMayBeAboutSeveralCommands() throws Exception {
        commands.run("b?", book, shown::add);
        commands.run("dr ?", book, shown::add);

        assertThat(shown.subList(0, 2)).containsExactly("  bu  buy", "  ba  balance, bal, balances");
        assertThat(shown.subList(2, shown.size())).contains("Usage: drop <symbol>", "Also: rm", "Is not abbreviated.");
        assertThat(refused("zzz?")).hasMessage("there is no command \"zzz\"; ? lists all");
    }

    @Test
    void aQuestionMarkAloneListsWhatMayCome() throws Exception {
        commands.run(" ? ", book, shown::add);
        assertThat(String.join("\n", shown) + "\n").isEqualTo(commands.help());

        shown.clear();
        nested().run("sh ?", book, shown::add);
        assertThat(shown)
                .containsExactly("show:", "  s in    interface", "show ip:", "  s ip r  route", "  s ip a  arp");

        shown.clear();
        nested().run("sh i?", book, shown::add);
        assertThat(shown).containsExactly("  ip  ip         ...", "  in  interface");
    }

    @Test
    void operationsShowLinesWhereTheCallerWants() throws Exception {
        var table = Dispatch.<Book>builder()
                .add("show", call -> {
                    call.out().accept("first");
                    call.out().accept("second");
                    return null;
                })
                .build();

        assertThat(table.run("s", book, shown::add)).isNull();
        assertThat(shown).containsExactly("first", "second");
    }

    @Test
    void aTableStaysAsItIsWhenAnotherIsMadeOfIt() throws Exception {
        DispatchBuilder<Book> builder = commands.toBuilder();
        builder.group("orders", orders -> orders.add("cancel", Call::name));

        assertThat(builder.build().run("c", book)).isEqualTo("cancel");
        assertThat(builder.add("close", Call::name).build().stats().commands()).isEqualTo(7);
        assertThat(refused("c").kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(commands.toString()).isEqualTo("Dispatch[5 commands]");
    }

    @Test
    void countsWhatBecomesOfLines() throws Exception {
        commands.run("buy AAPL", book);
        commands.run("?", book);
        refused("buy");
        refused("zzz");

        assertThat(commands.stats()).isEqualTo(new DispatchStats(5, 0, 2, 2, 0, 0, 0));
    }

    @Test
    void oneTableServesManyThreads() {
        Dispatch<Integer> table = Dispatch.<Integer>builder()
                .add("add", call -> call.state() + call.get(quantity), quantity)
                .add(Increment::new)
                .build();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            int own = thread * 10_000;
            threads.add(Background.run(() -> {
                for (int i = 1; i <= 2000; i++) {
                    assertThat(table.run("a " + i, own)).isEqualTo(own + i);
                    assertThat(table.run("i " + i, own)).isEqualTo(own + i);
                }
            }));
        }

        threads.forEach(CompletableFuture::join);

        assertThat(table.stats().succeeded()).isEqualTo(16_000);
    }

    /** Adds. */
    @picocli.CommandLine.Command(name = "increment")
    static final class Increment implements Operation<Integer> {
        @picocli.CommandLine.Parameters(index = "0")
        int by;

        @Override
        public Integer run(Call<Integer> call) {
            return call.state() + by;
        }
    }
}
