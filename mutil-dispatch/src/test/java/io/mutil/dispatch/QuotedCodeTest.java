package io.mutil.dispatch;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the Javadoc quote code that compiles. */
class QuotedCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/mutil/dispatch");
    private static final String IMPORTS = """
            import io.mutil.dispatch.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            import picocli.CommandLine.*;
            class Book {
                String buy(String symbol, int quantity) { return ""; }
                String sell(String symbol, int quantity) { return ""; }
                String sellAll(String symbol) { return ""; }
                String drop(String symbol) { return ""; }
            }
            """;
    private static final String ARGS = """
            Arg<String> symbol = Arg.of("symbol");
            Arg<Integer> quantity = Arg.of("qty", Integer::valueOf).orElse(1);
            """;
    private static final String AROUND = """
            Book book = new Book();
            """;
    private static final String TABLE = """
            Dispatch<Book> commands = Dispatch.<Book>builder().build();
            """;

    static Stream<String> quotes() throws IOException {
        return Stream.of(
                        QuotedCode.ofMarkdown(Path.of("README.md")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Arg.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Dispatch.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Operation.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Shell.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Verb.java")))
                .flatMap(quotes -> quotes);
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        String around = AROUND
                + (code.contains("Arg<String> symbol") ? "" : ARGS)
                + (code.contains("Dispatch<Book> commands") ? "" : TABLE);
        QuotedCode.compile(IMPORTS, around + code, folder);
    }
}
