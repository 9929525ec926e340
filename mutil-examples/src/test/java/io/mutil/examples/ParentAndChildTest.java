package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs the program in a process of its own, on the module path, and on the class path. */
class ParentAndChildTest {
    private static final String NAME = ParentAndChild.class.getName();

    private static String path() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(path -> path.contains("netty-")
                        || path.contains("jackson-")
                        || path.contains("caffeine")
                        || path.contains("picocli")
                        || path.contains("sqlite-jdbc")
                        || path.contains("tablesaw-core")
                        || (path.contains("mutil-") && !path.contains("test-classes") && !path.contains("testkit")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void theChildSquaresWhatTheParentSends() throws Exception {
        String java = ProcessHandle.current().info().command().orElseThrow();
        for (List<String> command : List.of(
                List.of(java, "-p", path(), "-m", "io.mutil.examples/" + NAME), List.of(java, "-cp", path(), NAME))) {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                String output = new String(process.getInputStream().readAllBytes(), UTF_8);
                assertThat(output.lines().filter(line -> line.contains("->")))
                        .hasSize(5)
                        .contains("5 -> Task[name=square, number=25]");
                assertThat(process.waitFor()).isZero();
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
