package io.mutil.cache;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the Javadoc quote code that compiles. */
class QuotedCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/mutil/cache");
    private static final String IMPORTS = """
            import static java.nio.charset.StandardCharsets.UTF_8;
            import io.mutil.cache.*;
            import java.io.*;
            import java.net.*;
            import java.net.http.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            """;
    private static final String AROUND = """
            URI uri = URI.create("http://localhost/");
            HttpRequest request = HttpRequest.newBuilder(uri).build();
            Path out = Path.of("out");
            """;
    private static final String CACHE = "FetchCache cache = FetchCache.open(Path.of(\"cache\"));\n";

    static Stream<String> quotes() throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.list(SOURCES)) {
            sources = files.sorted().toList();
        }
        return Stream.concat(
                QuotedCode.ofMarkdown(Path.of("README.md")), sources.stream().flatMap(QuotedCodeTest::ofJavadoc));
    }

    private static Stream<String> ofJavadoc(Path source) {
        try {
            return QuotedCode.ofJavadoc(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        String own = code.contains("FetchCache cache =") ? AROUND : AROUND + CACHE;
        QuotedCode.compile(IMPORTS, own + code, folder);
    }
}
