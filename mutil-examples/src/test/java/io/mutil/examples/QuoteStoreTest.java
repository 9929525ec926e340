package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class QuoteStoreTest {
    @Test
    void findsAndRemovesWhatItPut() throws Exception {
        PrintStream terminal = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            QuoteStore.main();
        } finally {
            System.setOut(terminal);
        }

        assertThat(printed.toString(UTF_8).lines())
                .containsExactly(
                        "latest Prices[bid=219.0, ask=220.0]",
                        "highest bid of the first hour 159.0",
                        "removed 180 of 360",
                        "left 180 of [AAPL, IBM, MSFT]");
    }
}
