package io.mutil.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoOptionsTest {
    @Test
    void hasDefaults() {
        assertThat(EchoOptions.parse()).isEqualTo(new EchoOptions(Duration.ofSeconds(10), 3, false));
    }

    @Test
    void takesOptionsInAnyOrder() {
        assertThat(EchoOptions.parse("--in-process", "--rounds", "7", "--seconds", "2"))
                .isEqualTo(new EchoOptions(Duration.ofSeconds(2), 7, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--seconds", "--seconds 0", "--rounds 1001", "--rounds x", "--seconds -1", "--what"})
    void saysWhatIsWrong(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EchoOptions.parse(line.split(" ", -1)))
                .withMessageContaining("usage: EchoDriver");
    }
}
