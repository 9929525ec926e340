package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ArgTest {
    private static <T extends @Nullable Object> Dispatch<String> table(Arg<T> arg) {
        return Dispatch.<String>builder()
                .add("x", call -> Optional.ofNullable(call.get(arg)), arg)
                .converter(StringBuilder.class, StringBuilder::new)
                .build();
    }

    private static @Nullable Object value(Arg<?> arg, String words) throws Exception {
        return ((Optional<?>) requireNonNull(table(arg).run("x " + words, ""))).orElse(null);
    }

    private static String complaint(Arg<?> arg, String words) {
        String message = requireNonNull(catchThrowableOfType(DispatchException.class, () -> value(arg, words)))
                .getMessage();
        return requireNonNull(message).replaceAll("^x: |; usage: .*", "");
    }

    @Test
    void convertsByAFunction() throws Exception {
        assertThat(value(Arg.of("n", Integer::valueOf), "7")).isEqualTo(7);
        assertThat(value(Arg.of("n", Integer::valueOf).map(n -> n * 2), "7")).isEqualTo(14);
        assertThat(complaint(Arg.of("day", LocalDate::parse), "x"))
                .isEqualTo("day cannot be read from \"x\": Text 'x' could not be parsed at index 0");
    }

    @Test
    void convertsByPicocli() throws Exception {
        assertThat(value(Arg.of("n", int.class), "-7")).isEqualTo(-7);
        assertThat(value(Arg.of("n", BigDecimal.class), "1.50")).isEqualTo(new BigDecimal("1.50"));
        assertThat(value(Arg.of("day", LocalDate.class), "2024-02-29")).isEqualTo(LocalDate.of(2024, 2, 29));
        assertThat(value(Arg.of("on", Boolean.class), "TRUE")).isEqualTo(true);
        assertThat(value(Arg.of("unit", TimeUnit.class), "DAYS")).isEqualTo(TimeUnit.DAYS);
        assertThat(value(Arg.of("text", StringBuilder.class), "own")).hasToString("own");
        assertThat(complaint(Arg.of("n", Integer.class), "x"))
                .isEqualTo("n cannot be read from \"x\": 'x' is not an int");
        assertThat(complaint(Arg.of("day", LocalDate.class), "x"))
                .startsWith("day cannot be read from \"x\": cannot convert 'x' to class java.time.LocalDate");
    }

    @Test
    void checksInOrder() {
        Arg<Integer> arg = Arg.of("n", Integer::valueOf)
                .check(n -> n > 0, "must be positive")
                .check(n -> n % 2 == 0, "must be even");

        assertThat(complaint(arg, "-1")).isEqualTo("n must be positive, was \"-1\"");
        assertThat(complaint(arg, "1")).isEqualTo("n must be even, was \"1\"");
    }

    @Test
    void takesDefaultsAsTheyAre() throws Exception {
        Arg<Integer> positive = Arg.of("n", Integer::valueOf).check(n -> n > 0, "must be positive");

        assertThat(value(positive.orElse(0), "")).isEqualTo(0);
        assertThat(value(positive.optional(), "")).isNull();
        assertThat(value(Arg.of("text").orElse(""), "")).isEqualTo("");
        assertThat(value(Arg.of("flag", Boolean.class).orElse(false), "")).isEqualTo(false);
        assertThat(value(Arg.rest("all").orElse(List.of("none")), "")).isEqualTo(List.of("none"));
        assertThat(value(positive.orElse(0), "3")).isEqualTo(3);
        assertThat(value(positive.orElse(0).check(n -> n < 5, "must be small"), ""))
                .isEqualTo(0);
    }

    @Test
    void aRestTakesWhatIsLeft() throws Exception {
        assertThat(value(Arg.rest("all"), "a 'b c' d")).isEqualTo(List.of("a", "b c", "d"));
        assertThat(value(Arg.rest("all"), "")).isEqualTo(List.of());
        assertThat(value(Arg.rest("all", Integer::valueOf), "1 2")).isEqualTo(List.of(1, 2));
        assertThat(value(Arg.rest("all").atLeastOne(), "a")).isEqualTo(List.of("a"));
        assertThat(complaint(Arg.rest("all").atLeastOne(), "")).isEqualTo("<all> is missing");
        assertThat(complaint(Arg.rest("all").check(all -> all.size() < 2, "must be few"), "a b"))
                .isEqualTo("all must be few, was 2 words");
        assertThat(complaint(Arg.rest("all", Integer::valueOf), "1 x"))
                .isEqualTo("all cannot be read from 2 words: For input string: \"x\"");
        assertThat(complaint(Arg.rest("all", Integer::valueOf), "x"))
                .isEqualTo("all cannot be read from \"x\": For input string: \"x\"");
    }

    @Test
    void countsTheWordsOfARestThatHasNone() {
        Arg<String> first = Arg.of("first").orElse("");
        Arg<Integer> count = Arg.rest("all").map(all -> Integer.valueOf("none"));
        var table =
                Dispatch.<String>builder().add("x", Call::name, first, count).build();

        assertThat(catchThrowableOfType(DispatchException.class, () -> table.run("x", "")))
                .hasMessageStartingWith("x: all cannot be read from 0 words: ");
    }

    @Test
    void showsOfWhatAConverterSaysOnlySoMuchAsFitsALine() {
        Arg<String> loud = Arg.of("text", word -> {
            throw new IllegalStateException("bell\u0007\n" + word.repeat(1000));
        });
        Arg<String> silent = Arg.of("text", word -> {
            throw new IllegalStateException();
        });

        assertThat(complaint(loud, "x"))
                .startsWith("text cannot be read from \"x\": bell\\u0007\\u000ax")
                .hasSizeLessThan(250);
        assertThat(complaint(silent, "x")).isEqualTo("text cannot be read from \"x\": IllegalStateException");
        assertThatThrownBy(() -> value(loud, "x")).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void offersChoices() throws Exception {
        Arg<String> side = Arg.choices("side", "buy", "sell");

        assertThat(value(side, "buy")).isEqualTo("buy");
        assertThat(complaint(side, "b")).isEqualTo("side must be one of buy, sell, was \"b\"");
    }

    @Test
    void refusesOrdersThatNoLineCanHave() {
        Arg<String> needed = Arg.of("needed");
        Arg<String> optional = Arg.of("optional").orElse("");
        Arg<List<String>> rest = Arg.rest("rest");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verb.of("x", Call::name, optional, needed))
                .withMessage(
                        "command x: required <needed> comes after optional [<optional>]; put it before, or give it a default");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verb.of("x", Call::name, rest, optional))
                .withMessage("command x: [<optional>] comes after the rest [<rest>...]; put the rest last");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verb.of("x", Call::name, optional, rest.atLeastOne()))
                .withMessageContaining("required <rest>... comes after optional");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verb.of("x", Call::name, needed, needed))
                .withMessage("command x: two arguments are called needed; rename one");
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Arg.of("n").atLeastOne())
                .withMessage("argument n is no rest without a default; begin with Arg.rest");
        assertThatIllegalStateException()
                .isThrownBy(() -> Arg.of("n").orElse("").map(String::length))
                .withMessage("argument n has a default; map before orElse");
        assertThatIllegalArgumentException().isThrownBy(() -> Arg.of(" "));
    }

    @Test
    void anotherArgumentIsNotFound() {
        Arg<String> n = Arg.of("n");
        var table = Dispatch.<String>builder()
                .add("x", call -> call.get(n.orElse("")), n)
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.run("x 1", ""))
                .withMessage(
                        "command x has no such argument n; pass the same Arg to the command and to get, its own are [<n>]");
    }
}
