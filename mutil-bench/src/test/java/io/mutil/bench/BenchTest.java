package io.mutil.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class BenchTest {
    @Test
    void runsASuiteQuickly() throws IOException {
        assertThat(Bench.run("--quick", "JsonDecodeSuite")).isZero();
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
