package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class BlobFolderTest {
    @Test
    void whatIsUsedStaysAndTheRestFits() throws Exception {
        PrintStream terminal = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            BlobFolder.main();
        } finally {
            System.setOut(terminal);
        }

        assertThat(printed.toString(UTF_8).lines())
                .containsExactly("23 files, 98 of 100 KiB", "logo.png is there", "98 KiB on disk");
    }
}
