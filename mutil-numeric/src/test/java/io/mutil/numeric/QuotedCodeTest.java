package io.mutil.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the Javadoc quote code that compiles. */
class QuotedCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/mutil/numeric");
    private static final String IMPORTS = """
            import io.mutil.numeric.*;
            import java.math.*;
            """;

    static Stream<String> quotes() throws IOException {
        return Stream.of(
                        QuotedCode.ofMarkdown(Path.of("README.md")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Grid.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("PriceBands.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("PriceFormat.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Rounding.java")))
                .flatMap(quotes -> quotes);
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        QuotedCode.compile(IMPORTS, code, folder);
    }

    @Test
    void everyDocumentHasACode() throws IOException {
        assertThat(quotes()).hasSizeGreaterThanOrEqualTo(6);
    }
}
