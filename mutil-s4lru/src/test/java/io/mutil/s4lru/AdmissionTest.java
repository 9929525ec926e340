package io.mutil.s4lru;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final Entries entries = new Entries(new SplittableRandom(1), 1);
    private final Admission admission = new Admission(entries, new SplittableRandom(1));

    private int candidate(String key) {
        int slot = entries.add(key, 1, 0);
        admission.propose(slot);
        return slot;
    }

    @Test
    void keysThatComeAndGoUnweighedTakeNoRoom() {
        for (int i = 0; i < 10_000; i++) {
            entries.remove(candidate("k" + i));
        }

        assertThat(admission.waiting()).isEqualTo(1);
    }

    @Test
    void weighsTheOldestFirst() {
        int victim = entries.add("victim", 1, 0);
        int gone = candidate("gone");
        int first = candidate("first");
        entries.remove(gone);
        int second = candidate("second");

        assertThat(second).as("has the place of another").isEqualTo(gone);
        assertThat(admission.weigh(victim)).isEqualTo(first);
        assertThat(admission.weigh(victim)).isEqualTo(second);
        assertThat(admission.weigh(victim)).isEqualTo(victim);
    }

    @Test
    void aKeyThatEnteredHigherIsWeighedToo() throws IOException {
        try (S4Lru lru =
                S4Lru.builder(10).tinyLfu().promotion(Promotion.SMALL_FIRST).open()) {
            for (int i = 0; i < 20; i++) {
                lru.touch("often" + i % 10, 1);
            }
            lru.touch("once", 1);

            assertThat(lru.evict()).containsExactly(new Evicted("once", 1));
        }
    }
}
