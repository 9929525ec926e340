package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is handed out. Runs behind packaging. */
class AppJarIT {
    private static final String URL = "https://bucket.s3.eu-central-1.amazonaws.com/a%20b";

    private record Ended(int status, List<String> out, List<String> err) {}

    /** Has no profile of whoever runs the tests. */
    private Path home;

    @BeforeEach
    void home(@TempDir Path home) {
        this.home = home;
    }

    private static Path jar() {
        return Path.of(System.getProperty("mutil.app.jar"));
    }

    private ProcessBuilder program(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(ProcessHandle.current().info().command().orElseThrow(), "-jar", jar().toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        // of those of the JVM each would make it print a line
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("AWS_") || name.matches("_?JAVA_.*OPTIONS|JDK_JAVA_OPTIONS"));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("AWS_ACCESS_KEY_ID", "AKID");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "wJalr");
        return builder;
    }

    private Ended run(String... arguments) throws Exception {
        Process process = program(arguments).start();
        try {
            var err = CompletableFuture.supplyAsync(
                    () -> process.errorReader(UTF_8).lines().toList());
            List<String> out = process.inputReader(UTF_8).lines().toList();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), out, err.get(30, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void signsWithoutAWordOfTheJvm() throws Exception {
        Ended ended = run("-H", "Content-Type: text/plain", "GET", URL);

        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("Host", List.of("bucket.s3.eu-central-1.amazonaws.com"));
        for (String line : ended.out()) {
            int colon = line.indexOf(": ");
            headers.put(line.substring(0, colon), List.of(line.substring(colon + 2)));
        }
        assertThat(Verifier.s3("eu-central-1", key -> Optional.of(Credentials.of("AKID", "wJalr")))
                        .verify("GET", "/a%20b", headers))
                .isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void endsWithTheStatusOfWhatWentWrong() throws Exception {
        Ended usage = run("GET");
        Ended failure = run("--profile", "no such profile", "GET", URL);

        assertThat(usage.status()).isEqualTo(2);
        assertThat(failure.status()).isEqualTo(1);
        assertThat(failure.err()).singleElement().asString().startsWith("awssig: there is no profile no such profile");
    }

    @Test
    void failsWhereItsOutputCannotBeWritten() throws Exception {
        File full = new File("/dev/full");
        assumeTrue(full.exists(), "skipped: this system has no device that is always full");

        Process process = program("GET", URL).redirectOutput(full).start();
        try {
            String err = new String(process.getErrorStream().readAllBytes(), UTF_8);

            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(err).startsWith("awssig: the output cannot be written");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void knowsItsVersion() throws Exception {
        assertThat(run("--version").out()).singleElement().asString().matches("awssig \\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void bringsLicences() throws Exception {
        try (var jar = new JarFile(jar().toFile())) {
            assertThat(jar.stream().map(entry -> entry.getName()))
                    .contains("META-INF/LICENSE", "META-INF/NOTICE", "picocli/CommandLine.class")
                    .noneMatch(name -> name.endsWith("module-info.class") || name.contains("jspecify"));
        }
    }
}
