package io.mutil.bench.lru;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LruDriverTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, UTF_8);

    @Test
    void measuresEverythingAndLeavesNothing(@TempDir Path directory) throws Exception {
        new LruDriver(out, LruOptions.parse("--quick", "--dir", directory.toString())).run();

        assertThat(printed.toString(UTF_8))
                .contains("1000 new keys that stay, keys/s, median of 1")
                .contains("1000 new keys that stay, and a flush, keys/s")
                .contains("opening a state of 1000 keys, milliseconds")
                .contains("heap for each of 1000 keys, bytes")
                .contains(Lrus.NAMES);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void hitRatesOfAMadeTrace() throws Exception {
        new HitRates(out, 1).lines(Trace.made(1000), 100, 1000);

        assertThat(printed.toString(UTF_8)).containsPattern("made +100 +\\d+\\.\\d\\d +\\d+\\.\\d\\d +\\d+\\.\\d\\d\n");
    }

    @Test
    void takesOptionsInAnyOrder() {
        LruOptions options = LruOptions.parse("--rounds", "7", "--mode", "load", "--keys", "5", "--warm-ups", "0");

        assertThat(options.repeats().rounds()).isEqualTo(7);
        assertThat(options.modes()).isEqualTo(List.of("load"));
        assertThat(options.keys()).isEqualTo(5);
        assertThat(options.repeats().warmUps()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--mode x", "--contestants x", "--keys 0", "--rounds", "--what"})
    void saysWhatIsWrong(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LruOptions.parse(line.split(" ", -1)))
                .withMessageContaining("usage: LruDriver");
    }
}
