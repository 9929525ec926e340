package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MeterTest {
    private static final Edge EDGE = Edge.blocking(16);

    private long now;
    private final Meter meter = new Meter(() -> now);

    /** Figures of {@code in -> work -> odd, even}. */
    private static final class Counts {
        private long received;
        private long sent;
        private long errors;
        private long queued;
        private long waiting;
        private long lost;
        private Figures.Phase phase = Figures.Phase.RUNNING;
        private Set<String> atWork = Set.of();

        private Figures figures() {
            List<LevelStats> levels = List.of(level("in"), level("work"), level("odd"), level("even"));
            List<EdgeStats> edges = List.of(edge("in", "work"), edge("work", "odd"), edge("work", "even"));
            return new Figures(new DataflowStats("flow", levels, edges, lost), phase, atWork, Set.of(), Map.of(), "");
        }

        private LevelStats level(String name) {
            boolean work = name.equals("work");
            return new LevelStats(name, 1, work ? received : 0, work ? errors : 0, 0, 0, 0);
        }

        private EdgeStats edge(String from, String to) {
            boolean in = from.equals("in");
            return new EdgeStats(from, to, EDGE, 2, in ? queued : 0, sent, 0, 0, 0, in ? waiting : 0);
        }
    }

    private final Counts counts = new Counts();

    private void sampleAfter(Duration time) {
        now += time.toNanos();
        meter.sample(counts.figures());
    }

    private Picture.Level work() {
        return meter.picture().levels().get(1);
    }

    private Picture.Way wayIn() {
        return Objects.requireNonNull(work().way());
    }

    @Test
    void oneSampleHasNoRatesYet() {
        sampleAfter(Duration.ZERO);

        assertThat(work().in()).isNaN();
        assertThat(meter.picture().json()).contains("\"in\":null", "\"fill\":0.0", "\"conditions\":[\"fine\"]");
    }

    @Test
    void ratesAreDifferencesPerSecond() {
        counts.received = 100;
        sampleAfter(Duration.ZERO);
        counts.received = 150;
        counts.sent = 20;
        counts.errors = 5;
        sampleAfter(Duration.ofMillis(500));

        assertThat(work().in()).isEqualTo(100, within(1e-9));
        assertThat(work().out()).as("to both egresses").isEqualTo(80, within(1e-9));
        assertThat(work().errors()).isEqualTo(10, within(1e-9));
        assertThat(work().conditions()).containsExactly(Condition.FAILING);
        assertThat(work().sent()).isEqualTo(40);
    }

    @Test
    void whatLeavesTheWindowCountsNoMore() {
        sampleAfter(Duration.ZERO);
        counts.received = 1000;
        sampleAfter(Duration.ofSeconds(1));
        sampleAfter(Duration.ofSeconds(2));
        assertThat(work().in()).isEqualTo(1000 / 3.0, within(1e-9));

        sampleAfter(Duration.ofSeconds(1));

        assertThat(work().in()).isZero();
    }

    @Test
    void gaugesAreAverages() {
        counts.atWork = Set.of("work");
        sampleAfter(Duration.ZERO);
        counts.queued = 32;
        counts.waiting = 1;
        sampleAfter(Duration.ofMillis(200));

        assertThat(wayIn().fill()).isEqualTo(0.5);
        assertThat(wayIn().waiting()).isEqualTo(0.5);
        assertThat(meter.picture().levels())
                .extracting(level -> level.conditions().get(0))
                .containsExactly(Condition.HELD_UP, Condition.SLOW, Condition.FINE, Condition.FINE);
    }

    @Test
    void aLevelThatHoldsTheThreadsOfOthersIsSlow() {
        counts.atWork = Set.of("odd");
        counts.queued = 32;
        sampleAfter(Duration.ZERO);

        assertThat(meter.picture().levels())
                .extracting(level -> level.conditions().get(0))
                .containsExactly(Condition.FINE, Condition.HELD_UP, Condition.SLOW, Condition.FINE);
    }

    @Test
    void whatIsQueuedAtTheEndIsLost() {
        counts.queued = 7;
        counts.lost = 2;
        sampleAfter(Duration.ZERO);
        assertThat(meter.picture().lost()).isEqualTo(2);

        counts.phase = Figures.Phase.ENDED;
        sampleAfter(Duration.ZERO);

        assertThat(meter.picture().lost()).isEqualTo(9);
    }

    @Test
    void whoLooksAgainStartsAnew() {
        sampleAfter(Duration.ZERO);
        meter.clear();
        counts.received = 1000;
        counts.errors = 1000;
        sampleAfter(Duration.ofSeconds(1));

        assertThat(work().in()).isNaN();
        assertThat(work().conditions()).containsExactly(Condition.FINE);
    }
}
