package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldingsTest {
    private static String run(int exitCode, String... arguments) {
        var printed = new ByteArrayOutputStream();
        var out = new PrintStream(printed, true, UTF_8);

        assertThat(Holdings.commandLine(out).execute(arguments)).isEqualTo(exitCode);

        return printed.toString(UTF_8);
    }

    @Test
    void printsTheTableInTheWidthItIsTold() {
        assertThat(run(0, "--width", "100")).isEqualTo("""
                Holdings
                ┌───┬────────┬─────────────────────────────────┬────────┬─────────┬──────────┬────────────┐
                │   │ symbol │ name                            │ shares │   price │   profit │ since      │
                ├───┼────────┼─────────────────────────────────┼────────┼─────────┼──────────┼────────────┤
                │ 0 │ IBM    │ International Business Machines │    100 │ 231.500 │ 4,150.25 │ 2019-03-14 │
                │ 1 │ 7203   │ トヨタ自動車                    │  1,200 │  18.255 │  -310.50 │ 2024-02-29 │
                │ 2 │ 005930 │ 삼성전자                        │    -40 │  51.100 │    77.00 │ 2025-11-03 │
                │ 3 │ SAP    │ SAP SE 🇩🇪                       │     15 │ 248.900 │ 1,020.00 │ -          │
                └───┴────────┴─────────────────────────────────┴────────┴─────────┴──────────┴────────────┘
                4 rows, 6 columns
                """);
    }

    @Test
    void takesABorderAndAFormForNarrowTerminals() {
        assertThat(run(0, "--width", "40", "--border", "markdown", "--wide", "hide_middle")
                        .lines())
                .contains("|   0 | IBM    | …   | 2019-03-14 |", "4 rows, 6 columns, 4 hidden");
    }

    @Test
    void aWidthThatIsTooNarrowIsAnError() {
        assertThat(run(2, "--width", "5")).isEmpty();
        assertThat(run(2, "--width", "0")).isEmpty();
    }

    @Test
    void runsAsAModule() throws Exception {
        String java = ProcessHandle.current().info().command().orElseThrow();
        List<String> command = new ArrayList<>(List.of(java, "-p", ProgramPath.get(), "-m"));
        command.addAll(List.of("io.mutil.examples/" + Holdings.class.getName(), "--border", "ascii", "--width", "60"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);

            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output.lines()).contains("4 rows, 6 columns").allMatch(line -> line.length() <= 60);
        } finally {
            process.destroyForcibly();
        }
    }
}
