package io.mutil.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartTimeTest {
    @Test
    void tellsHowLongEachVariantTakes() throws Exception {
        var printed = new ByteArrayOutputStream();

        new StartTime(new PrintStream(printed, true, UTF_8), new StartOptions(2, 1)).run();

        assertThat(printed.toString(UTF_8))
                .startsWith("milliseconds until 2 workers have answered, median of 1, JDK ")
                .containsPattern("\n +1 +2 +\\d+ +\\d+\n +2 +1 +\\d+ +\\d+\n");
    }

    @Test
    void takesOptionsInAnyOrder() {
        assertThat(StartOptions.parse()).isEqualTo(new StartOptions(64, 3));
        assertThat(StartOptions.parse("--rounds", "7", "--workers", "8")).isEqualTo(new StartOptions(8, 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--workers", "--workers 0", "--workers 1025", "--rounds x", "--what"})
    void saysWhatIsWrong(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StartOptions.parse(line.split(" ", -1)))
                .withMessageContaining("usage: StartTime");
    }
}
