package io.mutil.awssig;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the Javadoc quote code that compiles. */
class QuotedCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/mutil/awssig");
    private static final String IMPORTS = """
            import static java.lang.System.Logger.Level.WARNING;
            import io.mutil.awssig.*;
            import java.io.*;
            import java.net.*;
            import java.net.http.*;
            import java.net.http.HttpRequest.BodyPublishers;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            """;
    /** Declared before a quote, unless it does so itself. */
    private static final Map<String, String> AROUND = new LinkedHashMap<>();

    static {
        AROUND.put("accessKey", "String accessKey = \"\";");
        AROUND.put("secret", "String secret = \"\";");
        AROUND.put("body", "String body = \"\";");
        AROUND.put("status", "int status = 403;");
        AROUND.put("log", "System.Logger log = System.getLogger(\"\");");
        AROUND.put("file", "Path file = Path.of(\"file\");");
        AROUND.put("request", "HttpRequest.Builder request = HttpRequest.newBuilder();");
        AROUND.put("credentials", "Credentials credentials = Credentials.of(\"\", \"\");");
        AROUND.put("s3", "SigV4 s3 = SigV4.s3(\"eu-central-1\", credentials);");
        AROUND.put("uri", "URI uri = URI.create(\"https://example.com\");");
        AROUND.put("signed", "Signed signed = SigV4.s3(\"eu-central-1\", credentials).sign(\"GET\", uri);");
        AROUND.put("users", "Map<String, Credentials> users = Map.of();");
        AROUND.put("headers", "Map<String, List<String>> headers = Map.of();");
        AROUND.put("in", "InputStream in = InputStream.nullInputStream();");
        AROUND.put(
                "Peer",
                "class Peer { void send(Object... what) {} void store(Object... what) {} InputStream open(Path file) { return in; } }");
    }

    static Stream<String> quotes() throws IOException {
        try (Stream<Path> sources = Files.list(SOURCES)) {
            Stream<String> quotes = QuotedCode.ofMarkdown(Path.of("README.md"));
            for (Path source : sources.sorted().toList()) {
                quotes = Stream.concat(quotes, QuotedCode.ofJavadoc(source));
            }
            return quotes.toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("quotes")
    void compiles(String code, @TempDir Path folder) throws IOException {
        QuotedCode.compile(
                IMPORTS,
                around(code) + code.replaceAll("(?m)^    (send|store)\\(|(?<=-> )(open)\\(", "    new Peer().$1$2("),
                folder);
    }

    private static String around(String code) {
        var around = new StringBuilder();
        AROUND.forEach((name, line) -> {
            if (!code.contains(" " + name + " =") && !code.contains(" " + name + " ->")) {
                around.append(line).append('\n');
            }
        });
        return around.toString();
    }
}
