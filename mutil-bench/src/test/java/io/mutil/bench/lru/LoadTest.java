package io.mutil.bench.lru;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadTest {
    @Test
    void loopAsksForEveryKeyInTurn() {
        Load load = Load.named("loop-2100");

        assertThat(load.asked(false)).containsExactly(load.keys());
        assertThat(load.keys()).hasSize(2100).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zipf-1000", "uniform-1000"})
    void asksOnlyForKeysThatAreThere(String name) {
        Load load = Load.named(name);

        assertThat(load.keys()).contains(load.asked(false));
    }

    @Test
    void equalStringsAreOthers() {
        Load load = Load.named("loop-10");
        String[] same = load.asked(false);
        String[] equal = load.asked(true);

        assertThat(equal).containsExactly(same);
        for (int i = 0; i < same.length; i++) {
            assertThat(equal[i]).isNotSameAs(same[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "loop-0", "spiral-10", "loop-x"})
    void refusesWhatItDoesNotKnow(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Load.named(name));
    }

    @Test
    void zipfDrawsByRank() {
        var zipf = new Zipf(3, 1);
        var random = new SplittableRandom(1);
        var drawn = new int[3];
        for (int i = 0; i < 110_000; i++) {
            drawn[zipf.draw(random)]++;
        }

        assertThat(drawn[0]).isBetween(59_000, 61_000);
        assertThat(drawn[1]).isBetween(29_000, 31_000);
        assertThat(drawn[2]).isBetween(19_000, 21_000);
    }
}
