package io.mutil.s4lru;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the Javadoc quote code that compiles. */
class QuotedCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/mutil/s4lru");
    private static final String IMPORTS = """
            import io.mutil.s4lru.*;
            import java.nio.file.*;
            """;
    private static final String AROUND = """
            S4Lru lru = S4Lru.builder(1).open();
            Path blobs = Path.of("blobs");
            """;

    static Stream<String> quotes() throws IOException {
        return Stream.of(
                        QuotedCode.ofMarkdown(Path.of("README.md")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("S4Lru.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Proposal.java")))
                .flatMap(quotes -> quotes);
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        String own = code.contains("S4Lru lru") ? AROUND.replaceFirst("S4Lru lru.*\n", "") : AROUND;
        QuotedCode.compile(IMPORTS, own + code, folder);
    }
}
