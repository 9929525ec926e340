package io.mutil.sqlshard;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation quotes. */
class QuotedCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/mutil/sqlshard");
    private static final String IMPORTS = """
            import io.mutil.sqlshard.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import java.util.stream.*;
            import tools.jackson.databind.JsonNode;
            """;
    private static final String BEFORE = """
            Path dir = Path.of("store");
            SqlShard<JsonNode> store = SqlShard.open(dir, JsonNode.class);
            """;

    private static final String OF_README = """
            record Price(double bid, double ask) {}
            SqlShard<Price> prices = SqlShard.open(Path.of("prices"), Price.class);
            ShardKey key = ShardKey.of("IBM", 1L, "nyse");
            """;

    static Stream<String> quotes() throws IOException {
        try (Stream<Path> sources = Files.list(SOURCES)) {
            return sources.flatMap(QuotedCodeTest::quotes).toList().stream();
        }
    }

    static Stream<String> quotesOfReadme() throws IOException {
        return QuotedCode.ofMarkdown(Path.of("README.md"));
    }

    @ParameterizedTest
    @MethodSource("quotesOfReadme")
    void readmeCompiles(String code, @TempDir Path folder) throws IOException {
        QuotedCode.compile(IMPORTS, (code.contains("record Price") ? "" : OF_README) + code, folder);
    }

    private static Stream<String> quotes(Path source) {
        try {
            return QuotedCode.ofJavadoc(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        // those of members are indented
        QuotedCode.compile(IMPORTS, BEFORE + code.replaceAll("(?m)^ +\\* ?", ""), folder);
    }
}
