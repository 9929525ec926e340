package io.mutil.ratelimit;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the Javadoc quote code that compiles. */
class QuotedCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/mutil/ratelimit");
    private static final String IMPORTS = """
            import static java.time.Duration.*;
            import io.mutil.ratelimit.*;
            import java.net.*;
            import java.net.http.*;
            import java.time.*;
            import java.util.concurrent.*;
            """;
    private static final String AROUND = """
            RateLimit limit = RateLimit.of(1, ofSeconds(1));
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost")).build();
            """;

    static Stream<String> quotes() throws IOException {
        return Stream.of(
                        QuotedCode.ofMarkdown(Path.of("README.md")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("RateLimit.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("KeyedRateLimit.java")))
                .flatMap(quotes -> quotes);
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        String own = code.contains("RateLimit limit") ? AROUND.replaceFirst("RateLimit limit.*\n", "") : AROUND;
        QuotedCode.compile(IMPORTS, own + code, folder);
    }
}
