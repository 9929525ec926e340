package io.mutil.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RatioTableTest {
    @Test
    void putsOursFirstAndDividesItByEachPeer() {
        var table = new RatioTable(
                "RingSuite",
                List.of(
                        new Score("RingSuite", "threads=1", "jctools", 2_000_000, 0, 0, 5),
                        new Score("RingSuite", "threads=1", "mutil", 3_000_000, 0, 0, 5)));

        List<String> lines = table.toString().lines().toList();

        assertThat(lines.get(0)).isEqualTo("RingSuite, items/s, median of 5 iterations");
        assertThat(lines.get(2)).contains("threads=1", "mutil", "3,000,000");
        assertThat(lines.get(3)).contains("threads=1", "jctools", "2,000,000", "1.50");
    }

    @Test
    void dividesOnlyByPeersWithTheSameParameters() {
        var table = new RatioTable(
                "RingSuite",
                List.of(
                        new Score("RingSuite", "threads=1", "mutil", 100, 0, 0, 5),
                        new Score("RingSuite", "threads=2", "mutil", 10, 0, 0, 5),
                        new Score("RingSuite", "threads=2", "jctools", 40, 0, 0, 5)));

        assertThat(table.toString()).contains("0.25").doesNotContain("2.50");
    }

    @Test
    void showsAPeerThatRanWithoutUs() {
        var table = new RatioTable("Other", List.of(new Score("Other", "", "netty", 10, 0, 0, 1)));

        assertThat(table.toString()).contains("operations/s", "netty", "-");
    }

    @Test
    void showsBytesBesideFrames() {
        var table = new RatioTable(
                "PipeSuite", List.of(new Score("PipeSuite", "payload=1048576", "blocking", 2_000, 2_097, 0, 3)));

        List<String> lines = table.toString().lines().toList();

        assertThat(lines.get(0)).startsWith("PipeSuite, frames/s");
        assertThat(lines.get(1)).contains("MB/s");
        assertThat(lines.get(2)).contains("payload=1048576 blocking", "2,000", "2,097");
    }

    @Test
    void showsWhatEachItemCosts() {
        var table = new RatioTable(
                "DataflowSuite",
                List.of(
                        new Score("DataflowSuite", "", "mutil", 20_000_000, 0, 26.4, 5),
                        new Score("DataflowSuite", "", "jet", 2_000_000, 0, 24, 5)));

        List<String> lines = table.toString().lines().toList();

        assertThat(lines.get(1).trim().split(" {2,}"))
                .containsExactly("contestant", "score", "ns each", "B each", "ours / peer");
        assertThat(lines.get(2).trim().split(" +")).containsExactly("mutil", "20,000,000", "50", "26");
        assertThat(lines.get(3).trim().split(" +")).containsExactly("jet", "2,000,000", "500", "24", "10.00");
    }

    @Test
    void makesATableForEachSuite() {
        List<RatioTable> tables = Stream.of(
                        new Score("A", "", "mutil", 1, 0, 0, 1),
                        new Score("B", "", "mutil", 2, 0, 0, 1),
                        new Score("A", "", "peer", 3, 0, 0, 1))
                .collect(RatioTable.bySuite());

        assertThat(tables).hasSize(2);
        assertThat(tables.get(0).toString()).startsWith("A,").contains("peer");
    }
}
