package io.mutil.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoDriverTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyNumberComesOutOnce(boolean inProcess) throws IOException, InterruptedException {
        var options = new EchoOptions(Duration.ofMillis(100), 1, inProcess);

        boolean exact = new EchoDriver(new PrintStream(printed, true, UTF_8), options).run();

        assertThat(exact).isTrue();
        assertThat(printed.toString(UTF_8))
                .contains("0 lost, 0 twice, 0 at the wrong reader", "numbers/s", "p99.9")
                .doesNotContain("faulty", "NaN");
    }
}
