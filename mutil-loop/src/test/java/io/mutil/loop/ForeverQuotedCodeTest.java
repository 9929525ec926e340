package io.mutil.loop;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Javadoc, and what the README says of the loop, quote code that compiles. */
class ForeverQuotedCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/mutil/loop");
    private static final String IMPORTS = """
            import io.mutil.loop.*;
            import java.net.*;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            """;
    private static final String AROUND = """
            record Price(String symbol, double price) {}
            interface Exchange { CompletableFuture<Price> nextAsync(); Price read(); }
            Exchange nyse = null;
            Exchange file = null;
            Flow.Subscriber<Completion<Price>> subscriber = null;
            """;

    static Stream<String> quotes() throws IOException {
        return Stream.of(
                        QuotedCode.ofMarkdown(Path.of("README.md")).filter(code -> code.contains("ForeverLoop")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("ForeverLoop.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Source.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("FailurePolicy.java")))
                .flatMap(quotes -> quotes);
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        String loop =
                code.contains("ForeverLoop<Price> loop") ? "" : "ForeverLoop<Price> loop = ForeverLoop.create();\n";
        QuotedCode.compile(IMPORTS, AROUND + loop + code, folder);
    }
}
