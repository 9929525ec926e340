package io.mutil.bench.fanout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FanoutDriverTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"mutil", "netty"})
    void measuresEverythingAboutAContestant(String name) throws InterruptedException {
        assertThat(run("--quick", "--contestants", name)).isTrue();

        assertThat(printed.toString(UTF_8))
                .containsPattern("all clients=20 +" + name + " +[\\d,]+ +\\d+")
                .containsPattern("keyed clients=20 +" + name + " +[\\d,]+ +\\d+")
                .containsPattern("all clients=20 stalled +p50 .* p99 .* p99.9 .* [\\d.]+\n")
                .containsPattern("keyed clients=20 +heap and direct +[\\d.]+ +resident")
                .containsPattern("keyed clients=20 +median +\\d+")
                .doesNotContain("failed", "lost", "closed", "overloaded");
    }

    @Test
    void putsSeveralMessagesIntoAFrame() throws InterruptedException {
        assertThat(run(
                        "--quick",
                        "--mode",
                        "throughput",
                        "--traffic",
                        "all",
                        "--array",
                        "10",
                        "--contestants",
                        "netty"))
                .isTrue();
    }

    private boolean run(String... arguments) throws InterruptedException {
        return new FanoutDriver(new PrintStream(printed, true, UTF_8), FanoutOptions.parse(arguments)).run();
    }
}
