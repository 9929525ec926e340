package io.mutil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.JsonCodec;
import io.mutil.codec.MessageStream;
import io.mutil.dataflow.Dataflow;
import io.mutil.dataflow.DataflowDriver;
import io.mutil.dataflow.RunningDataflow;
import io.mutil.examples.Update.Bar;
import io.mutil.examples.Update.Statistics;
import io.mutil.pipe.Pipe;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import io.mutil.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
class BarsTest {
    private static Dataflow flow(String... arguments) {
        var bars = new Bars(System.out);
        new CommandLine(bars).parseArgs(arguments);
        return bars.flow();
    }

    @Test
    void aBarEndsWithTheSecond() {
        try (DataflowDriver driver = DataflowDriver.of(flow("--pipes", "2"), 2)) {
            driver.feed(0, new Trade("IBM", 10, 100, 1_000_100));
            driver.feed(0, new Trade("IBM", 12, 200, 1_000_300));
            driver.feed(0, new Trade("IBM", 9, 300, 1_000_900));
            driver.feed(1, new Trade("IBM", 50, 1, 1_000_200));
            assertThat(driver.read("bars")).isEmpty();

            driver.feed(0, new Trade("AAPL", 1, 5, 1_001_000));

            assertThat(driver.read("bars")).containsExactly(new Bar("IBM", 1000, 10, 12, 9, 9, 600));
        }
    }

    @Test
    void figuresComeEvery250Milliseconds() {
        try (DataflowDriver driver = DataflowDriver.of(flow("--pipes", "2"), 2)) {
            driver.feed(0, new Trade("IBM", 10, 100, 1_000_100));
            driver.feed(0, new Trade("IBM", 12, 200, 1_000_300));

            driver.advance(Duration.ofMillis(250));
            assertThat(driver.read("statistics"))
                    .containsExactlyInAnyOrder(new Statistics(0, 2, 300), new Statistics(1, 0, 0));

            driver.advance(Duration.ofMillis(250));
            assertThat(driver.read("statistics"))
                    .containsExactlyInAnyOrder(new Statistics(0, 0, 0), new Statistics(1, 0, 0));
        }
    }

    @Test
    void aRecordedFileIsReplayedToItsEnd(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("trades");
        try (Pipe record = Pipe.builder().writing(Files.newOutputStream(file))) {
            MessageStream<Trade> trades = record.as(JsonCodec.of(Trade.class));
            var random = new Trades(1);
            for (long time = 0; time < 10_000; time++) {
                trades.write(random.next(time));
            }
        }
        try (RunningDataflow running = flow("--bars", "0", "--statistics", "0", "--page", "0", file.toString())
                .start()) {
            running.await();

            assertThat(running.stats().levels().get(1).received()).isEqualTo(10_000);
            assertThat(running.stats().levels().get(1).errors()).isZero();
            // ten seconds of four symbols
            assertThat(running.stats().levels().get(2).received()).isEqualTo(40);
        }
    }

    private static final class Texts implements WebSocketListener {
        private final List<String> received = new CopyOnWriteArrayList<>();

        @Override
        public void onText(WebSocket socket, String text) {
            received.add(text);
        }
    }

    @Test
    void feedsInChildProcessesComeOutAsBarsAndFigures() throws Exception {
        var bars = new Texts();
        var figures = new Texts();
        try (RunningDataflow running = flow("--pipes", "2", "--bars", "0", "--statistics", "0", "--page", "0")
                        .start();
                WebSocket barSocket =
                        WebSocketClient.builder(running.uri("bars"), bars).connect();
                WebSocket figureSocket = WebSocketClient.builder(running.uri("statistics"), figures)
                        .connect()) {
            Eventually.until(
                    "bars of each symbol",
                    () -> List.of("AAPL", "IBM", "MSFT", "NVDA").stream()
                            .allMatch(symbol -> bars.received.stream().anyMatch(text -> text.contains(symbol))));
            Eventually.until(
                    "figures of each pipe",
                    () -> List.of(0, 1).stream()
                            .allMatch(pipe ->
                                    figures.received.stream().anyMatch(text -> text.contains("\"pipe\":" + pipe))));

            assertThat(bars.received.get(0)).contains("\"open\":", "\"high\":", "\"low\":", "\"close\":");
            assertThat(barSocket.isOpen() && figureSocket.isOpen()).isTrue();
        }
    }
}
