package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.JsonCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DataflowDriverTest {
    private static final JsonCodec<Long> JSON = JsonCodec.of(Long.class);

    private static Dataflow echo() {
        return Dataflow.named("echo")
                .from(WebSocketIngress.listen("127.0.0.1", 2221, JSON))
                .through(Workers.<Long, Long>of((n, out) -> out.send(n + 1))
                        .howMany(64)
                        .routeBy(n -> n))
                .to(WebSocketEgress.listen("127.0.0.1", 2222, JSON)
                        .filter(n -> n % 2 != 0)
                        .named("odd"))
                .to(WebSocketEgress.listen("127.0.0.1", 2223, JSON)
                        .filter(n -> n % 2 == 0)
                        .named("even"))
                .build();
    }

    @Test
    void networkLevelsAreFedAndReadByHand() {
        try (DataflowDriver driver = DataflowDriver.of(echo())) {
            driver.feed(1L);
            driver.feed(2L);
            driver.feed(3L);

            assertThat(driver.read("odd")).containsExactly(3L);
            assertThat(driver.read("even")).containsExactly(2L, 4L);
            assertThat(driver.read("even")).isEmpty();
        }
    }

    @Test
    void statsAreThoseOfARunningTopology() {
        try (DataflowDriver driver = DataflowDriver.of(echo())) {
            LongStream.range(0, 100).forEach(driver::feed);

            DataflowStats stats = driver.stats();
            assertThat(stats.levels().get(1).received()).isEqualTo(100);
            assertThat(stats.edges().get(1).filtered()).isEqualTo(50);
            assertThat(stats.lost()).isZero();
        }
    }

    @Test
    void sendersTakeTheirOwnTurns() {
        Dataflow flow = Dataflow.named("turns")
                .from(Flows.numbers(0))
                .through(Workers.<Integer, String>startedBy(context -> (n, out) -> out.send(context.index() + ":" + n))
                        .howMany(3))
                .to(Egress.into(n -> {}))
                .build();
        try (DataflowDriver driver = DataflowDriver.of(flow, 2)) {
            for (int n = 0; n < 3; n++) {
                driver.feed(0, n);
                driver.feed(1, 10 + n);
            }

            assertThat(driver.read("out-1")).containsExactly("0:0", "1:10", "1:1", "2:11", "2:2", "0:12");
        }
    }

    @Test
    void ticksComeWhenTimePasses() {
        Dataflow flow = Dataflow.named("batches")
                .from(Flows.numbers(0))
                .through(Workers.<Integer, List<Integer>>startedBy(context -> new Gathering())
                        .howMany(1)
                        .tickEvery(Duration.ofMillis(250)))
                .to(Egress.into(n -> {}))
                .build();
        DataflowDriver driver = DataflowDriver.of(flow);
        driver.feed(1);
        driver.feed(2);
        driver.advance(Duration.ofMillis(249));
        assertThat(driver.read("out-1")).isEmpty();

        driver.advance(Duration.ofMillis(1));
        assertThat(driver.read("out-1")).containsExactly(List.of(1, 2));

        driver.feed(3);
        driver.advance(Duration.ofSeconds(1));
        assertThat(driver.read("out-1")).containsExactly(List.of(3));

        driver.feed(4);
        driver.close();
        assertThat(driver.read("out-1")).containsExactly(List.of(4));
        assertThatThrownBy(() -> driver.feed(5)).isInstanceOf(IllegalStateException.class);
    }

    private static final class Gathering implements Worker<Integer, List<Integer>> {
        private List<Integer> gathered = new ArrayList<>();

        @Override
        public void process(Integer item, Outlet<List<Integer>> out) {
            gathered.add(item);
        }

        @Override
        public void tick(Outlet<List<Integer>> out) {
            if (!gathered.isEmpty()) {
                out.send(gathered);
                gathered = new ArrayList<>();
            }
        }

        @Override
        public void finish(Outlet<List<Integer>> out) {
            tick(out);
        }
    }

    private static Workers<Integer, Integer> countingUp() {
        return Workers.<Integer, Integer>of((n, out) -> {
                    for (int i = 0; i < n; i++) {
                        out.send(i);
                    }
                })
                .howMany(1);
    }

    @Test
    void aFullEdgeLetsItsReceiverRun() {
        Dataflow flow = Dataflow.named("narrow")
                .from(Flows.numbers(0))
                .through(countingUp())
                .to(Egress.<Integer>into(n -> {}).edge(Edge.blocking(1)))
                .build();
        try (DataflowDriver driver = DataflowDriver.of(flow)) {
            driver.feed(1000);

            assertThat(driver.read("out-1")).hasSize(1000).startsWith(0, 1, 2);
            assertThat(driver.stats().edges().get(1).blocked()).isPositive();
        }
    }

    @Test
    void aFullEdgeDropsAsInProduction() {
        Dataflow flow = Dataflow.named("lossy")
                .from(Flows.numbers(0))
                .through(countingUp())
                .to(Egress.<Integer>into(n -> {}).edge(Edge.droppingOldest(4)))
                .build();
        try (DataflowDriver driver = DataflowDriver.of(flow)) {
            driver.feed(10);

            assertThat(driver.read("out-1")).containsExactly(6, 7, 8, 9);
            assertThat(driver.stats().edges().get(1).dropped()).isEqualTo(6);
        }
    }

    @Test
    void badArgumentsAreNamed() {
        assertThatThrownBy(() -> DataflowDriver.of(echo(), 0)).hasMessage("senders must be 1 to 16384, was 0");
        try (DataflowDriver driver = DataflowDriver.of(echo())) {
            assertThatThrownBy(() -> driver.read("out-1")).hasMessage("no egress 'out-1'; there are [odd, even]");
            assertThatThrownBy(() -> driver.advance(Duration.ofMillis(-1)))
                    .hasMessage("time does not run backwards, was PT-0.001S");
        }
    }
}
