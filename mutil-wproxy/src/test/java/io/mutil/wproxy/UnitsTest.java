package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({"20ms, PT0.02S", "5s, PT5S", "2m, PT2M", "1H, PT1H", "0, PT0S", "0ms, PT0S"})
    void readsTimes(String text, Duration time) {
        assertThat(new Units.ForTime().convert(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5d", "-1s", "1.5s", "s", "99999999999999999999s"})
    void explainsWhatIsNoTime(String text) {
        assertThatThrownBy(() -> new Units.ForTime().convert(text)).hasMessageContaining("20ms, 5s, 2m, 1h");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "65536, 65536", "64k, 65536", "16M, 16777216", "1g, 1073741824"})
    void readsSizes(String text, long bytes) {
        assertThat(new Units.ForBytes().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-1", "5kb", "1.5m", "999999999999999g"})
    void explainsWhatIsNoSize(String text) {
        assertThatThrownBy(() -> new Units.ForBytes().convert(text)).hasMessageContaining("64k, 16m");
    }
}
