package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Classes with nothing but plain parameters, whose fields are set without picocli, and as picocli sets them. */
class PlainClassTest {
    private static final Settings SETTINGS = new Settings(false, false, new Converters(Map.of()));

    /** Gives what is in its fields. */
    abstract static class Shown implements Operation<Book> {
        @Override
        public String run(Call<Book> call) {
            return toString();
        }
    }

    /** Has no parameters. */
    @Command(name = "none")
    static final class None extends Shown {
        @Override
        public String toString() {
            return "none";
        }
    }

    /** Has required ones, primitive and not. */
    @Command(name = "required")
    static final class Required extends Shown {
        @Parameters(index = "0")
        @Nullable
        String text;

        @Parameters(index = "1")
        int number;

        @Parameters(index = "2")
        @Nullable
        Double share;

        @Override
        public String toString() {
            return text + "|" + number + "|" + share;
        }
    }

    /** Has defaults of all kinds. */
    @Command(name = "defaults")
    static class Defaults extends Shown {
        @Parameters(index = "0", defaultValue = "")
        String empty = "initial";

        @Parameters(index = "1", defaultValue = "-1")
        private long negative = 7;

        @Parameters(index = "2", arity = "0..1")
        int initial = 5;

        @Parameters(index = "3", arity = "0..1")
        @Nullable
        Integer none;

        @Parameters(index = "4", arity = "0..1", defaultValue = "0.50")
        BigDecimal amount = BigDecimal.TEN;

        @Override
        public String toString() {
            return empty + "|" + negative + "|" + initial + "|" + none + "|" + amount;
        }
    }

    /** Has those of another class and one of its own. */
    @Command(name = "inherited")
    static final class Inherited extends Defaults {
        @Parameters(index = "5", defaultValue = "$HOME")
        String last = "";

        @Override
        public String toString() {
            return super.toString() + "|" + last;
        }
    }

    /** Has a default that cannot be converted, which shows when it is needed. */
    @Command(name = "broken")
    static final class Broken extends Shown {
        @Parameters(index = "0")
        String text = "";

        @Parameters(index = "1", defaultValue = "many")
        int number;

        @Override
        public String toString() {
            return text + "|" + number;
        }
    }

    @Provide
    static Arbitrary<Supplier<Shown>> classes() {
        return Arbitraries.of(None::new, Required::new, Defaults::new, Inherited::new, Broken::new);
    }

    @Provide
    static Arbitrary<List<String>> words() {
        Arbitrary<String> word = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(3),
                Arbitraries.integers().map(String::valueOf),
                Arbitraries.bigDecimals().map(String::valueOf),
                Arbitraries.of(
                        "", "-x", "--", "-1", "@file", "a=b", "'q'", "\"q\"", "1", "2.5", "007", "0x10", " 1", "${a}",
                        "?"));
        return word.list().ofMaxSize(7);
    }

    @Property(tries = 500)
    void fieldsAreSetAsByPicocli(
            @ForAll @From("classes") Supplier<Shown> made, @ForAll @From("words") List<String> words) throws Exception {
        assertThat(byTheTable(made, words)).isEqualTo(byPicocli(made.get(), words));
    }

    private static String byTheTable(Supplier<Shown> made, List<String> words) {
        try {
            return String.valueOf(new ClassForm<Book>(made).prepare(SETTINGS, words, 0, new Object[0]));
        } catch (BadValue e) {
            return Quoted.message(requireNonNull(e.getCause()));
        }
    }

    private static String byPicocli(Shown operation, List<String> words) {
        try {
            new CommandLine(operation).setExpandAtFiles(false).parseArgs(words.toArray(String[]::new));
            return operation.toString();
        } catch (CommandLine.ParameterException e) {
            return Quoted.message(e);
        }
    }

    @Test
    void theShortWayIsTakenWherePossible() {
        for (Shown plain : List.of(new None(), new Required(), new Defaults(), new Broken())) {
            assertThat(FieldPlan.of(CommandSpec.forAnnotatedObject(plain)))
                    .as(plain.getClass().getSimpleName())
                    .isNotNull();
        }
        for (Operation<Book> other :
                List.of(new Optioned(), new Variable(), new ClassFormTest.Own(), new ClassFormTest.Rest())) {
            CommandSpec spec = CommandSpec.forAnnotatedObject(other).interpolateVariables(false);
            assertThat(FieldPlan.of(spec)).as(spec.name()).isNull();
        }
    }

    /** Has an option. */
    @Command(name = "optioned")
    static final class Optioned extends Shown {
        @Option(names = "--all")
        boolean all;

        @Override
        public String toString() {
            return "" + all;
        }
    }

    /** Has a default that may change. */
    @Command(name = "variable")
    static final class Variable extends Shown {
        static final String PROPERTY = "io.mutil.dispatch.PlainClassTest";

        @Parameters(index = "0", defaultValue = "${sys:" + PROPERTY + "}")
        String text = "";

        @Override
        public String toString() {
            return text;
        }
    }

    @Test
    void variablesOfDefaultsAreExpandedInEachRun() throws Exception {
        System.setProperty(Variable.PROPERTY, "before");
        try {
            var table = Dispatch.<Book>builder().add(Variable::new).build();
            assertThat(table.run("variable", new Book())).isEqualTo("before");

            System.setProperty(Variable.PROPERTY, "after");
            assertThat(table.run("variable", new Book())).isEqualTo("after");
        } finally {
            System.clearProperty(Variable.PROPERTY);
        }
    }
}
