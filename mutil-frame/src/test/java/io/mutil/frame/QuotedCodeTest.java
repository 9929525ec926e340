package io.mutil.frame;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the Javadoc quote code that compiles. */
class QuotedCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/mutil/frame");
    private static final String IMPORTS = """
            import io.mutil.frame.*;
            import java.sql.*;
            import java.util.*;
            import tech.tablesaw.api.*;
            """;
    private static final String AROUND = """
            record Order(String symbol, double price) {}
            System.Logger logger = System.getLogger("orders");
            List<Order> orders = List.of();
            Statement statement = null;
            """;

    static Stream<String> quotes() throws IOException {
        return Stream.of(
                        QuotedCode.ofMarkdown(Path.of("README.md")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Frame.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("FramePrinter.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Rows.java")))
                .flatMap(quotes -> quotes);
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        QuotedCode.compile(IMPORTS, AROUND + code, folder);
    }
}
