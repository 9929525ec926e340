package io.mutil.bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mutil.bench.fanout.FanoutOptions.Mode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FanoutOptionsTest {
    @Test
    void hasDefaults() {
        FanoutOptions options = FanoutOptions.parse();

        assertThat(options.modes()).containsExactly(Mode.values());
        assertThat(options.round()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.traffic(List.of(1, 1000), "both"))
                .extracting(Traffic::toString)
                .containsExactly("all clients=1", "keyed clients=1", "all clients=1000", "keyed clients=1000");
    }

    @Test
    void takesOptionsInAnyOrder() {
        FanoutOptions options = FanoutOptions.parse(
                "--rounds", "7", "--mode", "latency,memory", "--clients", "10,20", "--keys", "5", "--traffic", "keyed");

        assertThat(options.modes()).containsExactly(Mode.LATENCY, Mode.MEMORY);
        assertThat(options.rounds()).isEqualTo(7);
        assertThat(options.traffic(List.of(1), "all"))
                .containsExactly(new Traffic(10, 5, true, 1), new Traffic(20, 5, true, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--seconds",
                "--seconds 0",
                "--rounds 1001",
                "--clients 1,x",
                "--clients 20001",
                "--mode fast",
                "--contestants nobody",
                "--traffic some",
                "--heap 1",
                "--array 257",
                "--what"
            })
    void saysWhatIsWrong(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FanoutOptions.parse(line.split(" ", -1)))
                .withMessageContaining("usage: FanoutDriver");
    }
}
