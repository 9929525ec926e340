package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class TicksTest {
    private static List<String> printed(String tick, String... prices) {
        var out = new ByteArrayOutputStream();
        Ticks.print(tick, List.of(prices), new PrintStream(out, true, UTF_8));
        return out.toString(UTF_8)
                .lines()
                .map(line -> line.replaceAll(" +", " "))
                .toList();
    }

    @Test
    void everyPriceIsRoundedInThreeWays() {
        assertThat(printed("0.05", "1.03", "-0.01", "1234567.891"))
                .containsExactly(
                        " 1.03 down 1.00 near 1.05 up 1.05",
                        " -0.01 down -0.05 near 0.00 up 0.00",
                        " 1,234,567.891 down 1,234,567.85 near 1,234,567.90 up 1,234,567.90");
    }

    @Test
    void asManyDecimalsAsTheTickHas() {
        assertThat(printed("0.00025", "0.0003")).containsExactly(" 0.0003 down 0.00025 near 0.00025 up 0.00050");
        assertThat(printed("100", "1021")).containsExactly(" 1,021 down 1,000.00 near 1,000.00 up 1,100.00");
    }

    @Test
    void columnsLineUp() {
        var out = new ByteArrayOutputStream();

        Ticks.print("0.05", List.of("1", "-99999.99"), new PrintStream(out, true, UTF_8));

        assertThat(out.toString(UTF_8).lines().map(String::length).distinct()).hasSize(1);
    }

    @Test
    void whatIsNoNumberIsNamed() {
        assertThatThrownBy(() -> printed("0.05", "abc"))
                .hasMessage("price must be a decimal number like 1.03, was \"abc\"");
        assertThatThrownBy(() -> printed("1E-19", "1")).hasMessage("tick must have at most 18 decimals, was 1E-19");
    }
}
