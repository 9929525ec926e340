package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class FileDropTest {
    @Test
    void fileIsKeptUnderItsName() throws Exception {
        PrintStream terminal = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            FileDrop.main();
        } finally {
            System.setOut(terminal);
        }

        assertThat(printed.toString(UTF_8).lines()).containsExactly("kept 2026/report.csv, 24 bytes");
    }
}
