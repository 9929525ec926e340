package io.mutil.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChecklistTest {
    // 10 to 14 are sent, 11 to 15 come out: three odd, two even
    private final Checklist odd = new Checklist(10, true);
    private final Checklist even = new Checklist(10, false);

    @Test
    void isCompleteOnceEveryNumberCame() {
        odd.check(11);
        odd.check(13);
        odd.check(15);
        even.check(14);
        even.check(12);

        assertThat(odd.missing(15) + even.missing(15)).isZero();
        assertThat(odd.twice() + even.twice()).isZero();
        assertThat(odd.misplaced(15) + even.misplaced(15)).isZero();
    }

    @Test
    void countsWhatDidNotCome() {
        odd.check(13);

        assertThat(odd.missing(15)).isEqualTo(2);
        assertThat(even.missing(15)).isEqualTo(2);
    }

    @Test
    void countsWhatCameTwice() {
        odd.check(11);
        odd.check(11);

        assertThat(odd.twice()).isEqualTo(1);
        assertThat(odd.missing(15)).isEqualTo(2);
    }

    @Test
    void countsWhatBelongsElsewhereOrWasNeverSent() {
        odd.check(12);
        odd.check(9);
        odd.check(17);

        assertThat(odd.misplaced(15)).isEqualTo(3);
        assertThat(odd.missing(15)).isEqualTo(3);
    }
}
