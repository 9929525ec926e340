package io.mutil.loop;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the Javadoc of programs and schedules quote code that compiles. */
class SafeLoopQuotedCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/mutil/loop");
    private static final String IMPORTS = """
            import io.mutil.loop.*;
            import java.time.*;
            import java.util.*;
            interface Server extends AutoCloseable { static Server start() { return () -> {}; } }
            interface Store { void flush() throws Exception; }
            interface Feed { void poll() throws Exception; void report(); }
            """;
    private static final String AROUND = """
            class Around { void poll(Server server) {} Server server = Server.start();
            Store store = () -> {}; Feed feed = new Feed() { public void poll() {} public void report() {} };
            ZoneId zone = ZoneId.of("Europe/London");
            void quote() throws Exception {
            """;

    static Stream<String> quotes() throws IOException {
        return Stream.of(
                        QuotedCode.ofMarkdown(Path.of("README.md")).filter(code -> !code.contains("ForeverLoop")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("SafeLoop.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Schedule.java")),
                        QuotedCode.ofJavadoc(SOURCES.resolve("Plan.java")))
                .flatMap(quotes -> quotes);
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        QuotedCode.compile(IMPORTS, AROUND + code + "\n}}", folder);
    }
}
