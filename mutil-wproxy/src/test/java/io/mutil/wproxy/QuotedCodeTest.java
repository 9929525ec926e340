package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README quotes, and the Javadoc where it stands for itself. */
class QuotedCodeTest {
    private static final Path README = Path.of("README.md");
    private static final List<String> DOCUMENTED =
            List.of("WProxy", "ClientTerms", "ReplayUpstream", "SubscriptionFormat");
    private static final Pattern IN_MARKDOWN = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_JAVADOC = Pattern.compile("<pre>\\{@code\n(.*?)}</pre>", Pattern.DOTALL);
    private static final Pattern OF_HELP = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("(?:]\\(|^\\[\\w+]: )([^)\\s]+)", Pattern.MULTILINE);
    private static final String IMPORTS = """
            import io.mutil.server.*;
            import io.mutil.wproxy.*;
            import java.net.URI;
            import java.nio.file.*;
            import java.util.*;
            """;

    static Stream<String> quotes() throws IOException {
        Stream<String> quotes =
                IN_MARKDOWN.matcher(Files.readString(README)).results().map(QuotedCodeTest::inside);
        for (String type : DOCUMENTED) {
            String source = Files.readString(Path.of("src/main/java/io/mutil/wproxy", type + ".java"));
            String javadoc = source.replaceAll("(?m)^ \\* ?", "");
            quotes = Stream.concat(quotes, IN_JAVADOC.matcher(javadoc).results().map(QuotedCodeTest::inside));
        }
        return quotes;
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
                .hasSizeGreaterThan(3)
                .allSatisfy(link -> assertThat(Path.of(link)).exists());
    }

    @Test
    void quotesTheHelpAsItIs() throws IOException {
        var out = new ByteArrayOutputStream();
        int status = Main.commandLine(new WProxyCommand(new PrintStream(out, true, StandardCharsets.UTF_8)))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .execute("--help");
        List<String> help = out.toString(StandardCharsets.UTF_8).lines().toList();

        assertThat(status).isZero();
        assertThat(OF_HELP.matcher(Files.readString(README))
                        .results()
                        .flatMap(quote -> inside(quote).lines()))
                .isNotEmpty()
                .isSubsetOf(help);
    }
}
