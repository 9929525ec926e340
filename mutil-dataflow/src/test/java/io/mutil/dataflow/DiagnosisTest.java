package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {
    private final Diagnosis diagnosis = new Diagnosis(3);

    private static Diagnosis.Signs signs(
            double fill, double waitedFor, boolean drops, double atWork, double waits, @Nullable String ending) {
        return new Diagnosis.Signs(0, 3, fill, waitedFor, drops, atWork, waits, false, ending);
    }

    private static Diagnosis.Signs errors(Duration at, long errors) {
        return new Diagnosis.Signs(at.toNanos(), errors, 0, 0, false, 0, 0, false, null);
    }

    @ParameterizedTest
    @CsvSource({
        // fill, waited for, drops, at work, waits, others starve
        "0,    0,   false, 0,   0,   false, FINE",
        "0.2,  0.4, false, 1,   0.4, false, FINE",
        "0.25, 0,   false, 0.5, 0,   false, SLOW",
        "0,    0.5, false, 1,   0,   false, SLOW",
        "0,    0,   true,  1,   0,   false, SLOW",
        "1,    1,   true,  1,   0.5, false, HELD_UP",
        "0,    0,   false, 0,   1,   false, HELD_UP",
        "1,    0,   false, 0.4, 0,   false, HELD_UP",
        "0,    0,   false, 1,   0,   true,  SLOW",
        "0,    0,   false, 0.4, 0,   true,  FINE",
        "1,    0,   false, 0.4, 0,   true,  HELD_UP",
    })
    void theSlowLevelIsTheLastThatHasABacklogAndWorks(
            double fill,
            double waitedFor,
            boolean drops,
            double atWork,
            double waits,
            boolean othersStarve,
            Condition expected) {
        assertThat(diagnosis.of(signs(fill, waitedFor, drops, atWork, waits, null), othersStarve))
                .containsExactly(expected);
    }

    @Test
    void aLevelThatWaitsForALaterOneDoesNotStarve() {
        assertThat(signs(1, 0, false, 0, 0, null).starves()).isTrue();
        assertThat(signs(1, 0, false, 0, 0.5, null).starves()).isFalse();
        assertThat(signs(1, 0, false, 0.5, 0, null).starves()).isFalse();
        assertThat(signs(0, 0, false, 0, 0, null).starves()).isFalse();
        assertThat(signs(1, 0, false, 0, 0, "").starves()).isFalse();
    }

    @Test
    void theEndOfALevelIsMoreThanItsQueues() {
        assertThat(diagnosis.of(signs(1, 1, true, 1, 0, ""), true)).containsExactly(Condition.ENDED);
        assertThat(diagnosis.of(signs(0, 0, false, 0, 1, "IOException"), true)).containsExactly(Condition.DIED);
    }

    @Test
    void failsForTenSecondsAfterAnError() {
        List<Condition> failing = List.of(Condition.FAILING);
        List<Condition> fine = List.of(Condition.FINE);

        assertThat(diagnosis.of(errors(Duration.ZERO, 3), false)).isEqualTo(fine);
        assertThat(diagnosis.of(errors(Duration.ofSeconds(1), 4), false)).isEqualTo(failing);
        assertThat(diagnosis.of(errors(Duration.ofSeconds(11), 4), false)).isEqualTo(failing);
        assertThat(diagnosis.of(errors(Duration.ofSeconds(12), 4), false)).isEqualTo(fine);
        assertThat(diagnosis.of(errors(Duration.ofSeconds(13), 9), false)).isEqualTo(failing);
    }

    @Test
    void aLevelMayFailAndBeSlow() {
        var both = new Diagnosis.Signs(0, 4, 1, 1, false, 1, 0, false, null);

        assertThat(diagnosis.of(both, false)).containsExactly(Condition.FAILING, Condition.SLOW);
    }

    @Test
    void aLevelThatConnectsSaysSoUntilItsEnd() {
        var alone = new Diagnosis.Signs(0, 3, 0, 0, false, 0, 0, true, null);
        var ended = new Diagnosis.Signs(0, 3, 0, 0, false, 0, 0, true, "");

        assertThat(diagnosis.of(alone, false)).containsExactly(Condition.NOT_CONNECTED);
        assertThat(diagnosis.of(ended, false)).containsExactly(Condition.ENDED);
    }
}
