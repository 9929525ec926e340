package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs the program in a process of its own, on the module path, and on the class path. */
class ParentAndChildTest {
    private static final String NAME = ParentAndChild.class.getName();

    @Test
    void theChildSquaresWhatTheParentSends() throws Exception {
        String java = ProcessHandle.current().info().command().orElseThrow();
        for (List<String> command : List.of(
                List.of(java, "-p", ProgramPath.get(), "-m", "io.mutil.examples/" + NAME),
                List.of(java, "-cp", ProgramPath.get(), NAME))) {
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
