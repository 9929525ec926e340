package io.mutil.timer;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the Javadoc quote code that compiles. */
class QuotedCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/mutil/timer");
    private static final String IMPORTS = """
            import static java.time.Duration.*;
            import io.mutil.timer.*;
            import io.mutil.timer.Timer;
            import java.nio.file.*;
            import java.util.*;
            import java.util.concurrent.*;
            """;
    private static final String AROUND = """
            record Row() {}
            class Service {
                void store(Object row) {}
                CompletableFuture<String> fetch() { return null; }
            }
            """;
    private static final String VALUES = """
            List<Row> rows = List.of();
            List<Path> files = List.of();
            """;

    static Stream<String> quotes() throws IOException {
        return Stream.of(
                        QuotedCode.ofMarkdown(Path.of("README.md")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Timer.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Section.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Timings.java")))
                .flatMap(quotes -> quotes);
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        String inService = code.replaceAll("(?<![.\\w])(store|fetch)\\(", "service.$1(");
        QuotedCode.compile(IMPORTS + AROUND, VALUES + "Service service = new Service();\n" + inService, folder);
    }
}
