package io.mutil.s4lru;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowNumbersTest {
    private static final long LARGE = Long.MAX_VALUE;

    private final RowNumbers rows = new RowNumbers();

    @Test
    void keepsSmallNumbersWhenALargeOneComes() {
        rows.set(3, Integer.MAX_VALUE);
        rows.set(100, 7);
        rows.set(5, LARGE);
        rows.set(1000, 8);

        assertThat(rows.get(3)).isEqualTo(Integer.MAX_VALUE);
        assertThat(rows.get(100)).isEqualTo(7);
        assertThat(rows.get(5)).isEqualTo(LARGE);
        assertThat(rows.get(1000)).isEqualTo(8);
    }

    @Test
    void aSmallNumberMayFollowALargeOne() {
        rows.set(0, LARGE);
        rows.set(0, -1);

        assertThat(rows.get(0)).isEqualTo(-1);
    }
}
