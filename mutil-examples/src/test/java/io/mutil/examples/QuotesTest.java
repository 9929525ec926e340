package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class QuotesTest {
    @Test
    void eachSubscriberGetsItsOwn() throws Exception {
        PrintStream terminal = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            Quotes.main();
        } finally {
            System.setOut(terminal);
        }

        assertThat(printed.toString(UTF_8).lines().filter(line -> line.startsWith("first: ")))
                .hasSize(5)
                .contains("first: {\"subscribe\": [\"AAPL\"]}")
                .noneMatch(line -> line.contains("MSFT") || line.contains("IBM"));
        assertThat(printed.toString(UTF_8).lines().filter(line -> line.startsWith("second: ")))
                .hasSize(5)
                .noneMatch(line -> line.contains("IBM"));
    }
}
