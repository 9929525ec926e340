package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.QuotedCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
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
    private static final String IMPORTS = """
            import io.mutil.server.*;
            import io.mutil.wproxy.*;
            import java.net.URI;
            import java.nio.file.*;
            import java.util.*;
            """;

    static Stream<String> quotes() throws IOException {
        Stream<String> quotes = QuotedCode.ofMarkdown(README);
        for (String type : DOCUMENTED) {
            Path source = Path.of("src/main/java/io/mutil/wproxy", type + ".java");
            quotes = Stream.concat(quotes, QuotedCode.ofJavadoc(source));
        }
        return quotes;
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        QuotedCode.compile(IMPORTS, code, folder);
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        assertThat(QuotedCode.linksOfMarkdown(README))
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
        assertThat(QuotedCode.textOfMarkdown(README).flatMap(String::lines))
                .isNotEmpty()
                .isSubsetOf(help);
    }
}
