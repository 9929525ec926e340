package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The program as it is handed out. Runs behind packaging. */
class AppJarIT {
    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("mutil.build.directory")))) {
            return files.filter(file -> file.toString().endsWith("-app.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void servesAClientWithoutAWordOfTheJvm() throws Exception {
        assumeTrue(File.separatorChar == '/', "skipped on Windows, which has no such signals");
        try (ScriptedUpstream upstream = new ScriptedUpstream();
                Program program =
                        Program.ofJar(jar(), "127.0.0.1", "0", upstream.uri().toString(), "--drain", "0");
                TestClient client = new TestClient(program.awaitListening())) {
            client.command("{\"subscribe\": [\"AAPL\"]}");
            upstream.send("{\"sym\":\"AAPL\"}");
            assertThat(client.next()).isEqualTo("{\"sym\":\"AAPL\"}");

            program.terminate();

            assertThat(client.closeReason().code()).isEqualTo(1012);
            assertThat(program.awaitEnd()).isZero();
            assertThat(program.errors()).allMatch(line -> line.contains(" INFO "));
        }
    }

    @Test
    void knowsItsVersion() throws Exception {
        try (Program program = Program.ofJar(jar(), "--version")) {
            assertThat(program.line()).matches("wproxy \\d+\\.\\d+\\.\\d+.*");
            assertThat(program.awaitEnd()).isZero();
        }
    }

    @Test
    void bringsNativeTransportsAndLicences() throws Exception {
        try (var jar = new JarFile(jar().toFile())) {
            assertThat(jar.stream().map(entry -> entry.getName()))
                    .contains(
                            "META-INF/native/libnetty_transport_native_epoll_x86_64.so",
                            "META-INF/native/libnetty_transport_native_epoll_aarch_64.so",
                            "META-INF/LICENSE",
                            "META-INF/NOTICE")
                    .noneMatch(name -> name.endsWith("module-info.class") || name.contains("slf4j"));
        }
    }
}
