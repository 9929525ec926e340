package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README and the page of the package quote. */
class QuotedCodeTest {
    private static final Path README = Path.of("README.md");
    private static final Path PACKAGE = Path.of("src/main/java/io/mutil/dataflow/package-info.java");
    private static final String IMPORTS = """
            import io.mutil.codec.*;
            import io.mutil.dataflow.*;
            import io.mutil.pipe.*;
            import io.mutil.server.*;
            import java.net.URI;
            import java.nio.file.*;
            """;

    static Stream<String> quotes() throws IOException {
        return Stream.concat(QuotedCode.ofMarkdown(README), QuotedCode.ofJavadoc(PACKAGE));
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        QuotedCode.compile(IMPORTS, code, folder);
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        assertThat(QuotedCode.linksOfMarkdown(README))
                .hasSizeGreaterThan(5)
                .allSatisfy(link -> assertThat(Path.of(link)).exists());
    }
}
