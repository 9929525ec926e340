package io.mutil.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MedianTableTest {
    private final MedianTable table = new MedianTable("puts, rows/s");

    @Test
    void setsEachOfOursBesideEveryOther() {
        table.add("mutil-a", 3000);
        table.add("mutil-a", 1000);
        table.add("mutil-a", 2000);
        table.add("mutil-b", 500);
        table.add("peer", 250);

        assertThat(table.toString().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsExactly(
                        "puts, rows/s, median of 3",
                        "contestant mutil-a / mutil-b / rounds",
                        "mutil-a 2,000 0.25 3,000 1,000 2,000",
                        "mutil-b 500.0 4.00 500.0",
                        "peer 250.0 8.00 2.00 250.0");
    }
}
