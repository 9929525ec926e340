package io.mutil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Dataflow;
import io.mutil.dataflow.RunningDataflow;
import io.mutil.dataflow.WebSocketEgress;
import io.mutil.dataflow.WebSocketIngress;
import io.mutil.dataflow.Workers;
import io.mutil.testkit.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The npm package {@code ws}, run with Node, as a client that we did not write. */
class NodeClientTest {
    private static final Duration SENDING = Duration.ofSeconds(10);

    private static Path folder = Path.of("");

    @BeforeAll
    static void unpackClient(@TempDir Path shared) throws Exception {
        folder = shared;
        Node.assumePresent();
        Node.unpackWs(folder);
        try (InputStream script = NodeClientTest.class.getResourceAsStream("/echo-client.mjs")) {
            Files.copy(Objects.requireNonNull(script), folder.resolve("echo-client.mjs"));
        }
    }

    private static RunningDataflow start(int batch) throws IOException {
        JsonCodec<Long> numbers = JsonCodec.of(Long.class);
        return Dataflow.named("echo")
                .from(WebSocketIngress.listen("127.0.0.1", 0, numbers))
                .through(Workers.<Long, Long>of((n, out) -> out.send(n + 1))
                        .howMany(64)
                        .routeBy(n -> n % 97))
                .to(egress("odd", numbers, batch).filter(n -> n % 2 != 0))
                .to(egress("even", numbers, batch).filter(n -> n % 2 == 0))
                .build()
                .start();
    }

    private static WebSocketEgress<Long> egress(String name, JsonCodec<Long> numbers, int batch) {
        var egress = WebSocketEgress.<Long>listen("127.0.0.1", 0, numbers).named(name);
        return batch > 0 ? egress.batch(batch, Duration.ofMillis(1)) : egress;
    }

    @Test
    @Timeout(90)
    void everyNumberPlusOneArrivesOnceInOrderAtEveryReader() throws Exception {
        try (RunningDataflow running = start(0)) {
            runClient(running, SENDING);
        }
    }

    @Test
    @Timeout(90)
    void theSameHoldsForBatches() throws Exception {
        try (RunningDataflow running = start(1000)) {
            runClient(running, Duration.ofSeconds(2));
        }
    }

    private static void runClient(RunningDataflow running, Duration sending) throws Exception {
        List<String> command = List.of(
                "node",
                "echo-client.mjs",
                port(running, "in"),
                port(running, "odd"),
                port(running, "even"),
                String.valueOf(sending.toMillis()));
        Path report = folder.resolve("report");
        Process client = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(report.toFile())
                .start();
        try {
            assertThat(client.waitFor(80, TimeUnit.SECONDS)).isTrue();
            String said = Files.readString(report);
            System.Logger log = System.getLogger(NodeClientTest.class.getName());
            log.log(System.Logger.Level.INFO, said);
            assertThat(client.exitValue()).as(said).isZero();
        } finally {
            client.destroyForcibly();
        }
    }

    private static String port(RunningDataflow running, String level) {
        return String.valueOf(running.uri(level).getPort());
    }
}
