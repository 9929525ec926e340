package io.mutil.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchTest {
    @Test
    void runsASuiteQuickly() throws IOException {
        assertThat(Bench.run("--quick", "JsonDecodeSuite")).isZero();
    }

    @Test
    void runsASuiteInRounds() throws IOException {
        assertThat(Bench.run("--quick", "--rounds", "2", "JsonDecodeSuite")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "three"})
    void refusesAWrongNumberOfRounds(String rounds) throws IOException {
        assertThat(Bench.run("--rounds", rounds)).isEqualTo(2);
    }

    @Test
    void failsWhenNoBenchmarkMatches() throws IOException {
        assertThat(Bench.run("--quick", "NoSuchSuite")).isEqualTo(1);
    }

    @Test
    void refusesAnUnknownOption() throws IOException {
        assertThat(Bench.run("--no-such-option")).isEqualTo(2);
    }
}
