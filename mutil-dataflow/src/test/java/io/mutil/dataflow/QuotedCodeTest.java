package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README and the page of the package quote. */
class QuotedCodeTest {
    private static final Path README = Path.of("README.md");
    private static final Path PACKAGE = Path.of("src/main/java/io/mutil/dataflow/package-info.java");
    private static final Pattern IN_MARKDOWN = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_JAVADOC = Pattern.compile("<pre>\\{@code\n(.*?)}</pre>", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("(?:]\\(|^\\[\\w+]: )([^)\\s]+)", Pattern.MULTILINE);
    private static final String IMPORTS = """
            import io.mutil.codec.*;
            import io.mutil.dataflow.*;
            import io.mutil.pipe.*;
            import io.mutil.server.*;
            import java.net.URI;
            import java.nio.file.*;
            """;

    static Stream<String> quotes() throws IOException {
        String javadoc = Files.readString(PACKAGE).replaceAll("(?m)^ \\* ?", "");
        return Stream.concat(
                IN_MARKDOWN.matcher(Files.readString(README)).results().map(QuotedCodeTest::inside),
                IN_JAVADOC.matcher(javadoc).results().map(QuotedCodeTest::inside));
    }

    private static String inside(MatchResult match) {
        return match.group(1);
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        Optional<ToolProvider> compiler = ToolProvider.findFirst("javac");
        assumeTrue(compiler.isPresent(), "skipped: this JVM brings no compiler");
        Path source = Files.writeString(
                folder.resolve("Quote.java"),
                IMPORTS + "class Quote { void quote() throws Exception {\n" + code + "\n} }");
        var complaints = new StringWriter();
        var out = new PrintWriter(complaints);

        int status = compiler.get()
                .run(
                        out,
                        out,
                        "-proc:none",
                        "-d",
                        folder.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString());

        assertThat(status).as("%s", complaints).isZero();
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        assertThat(LINK.matcher(Files.readString(README)).results().map(QuotedCodeTest::inside))
                .hasSizeGreaterThan(5)
                .allSatisfy(link -> assertThat(Path.of(link)).exists());
    }
}
