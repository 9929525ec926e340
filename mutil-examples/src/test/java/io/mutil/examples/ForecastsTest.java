package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ForecastsTest {
    @Test
    void asksForEachForecastOnce() throws Exception {
        PrintStream terminal = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            Forecasts.main();
        } finally {
            System.setOut(terminal);
        }

        assertThat(printed.toString(UTF_8).lines())
                .hasSize(13)
                .startsWith("Bergen: sunny, from NETWORK", "Lima: sunny, from NETWORK")
                .endsWith("Quito: sunny, from MEMORY", "Turin: sunny, from MEMORY", "6 requests");
    }
}
