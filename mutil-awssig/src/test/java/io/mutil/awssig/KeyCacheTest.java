package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyCacheTest {
    private static final String DAY = "20240229";

    private final KeyCache keys = new KeyCache(2);
    private final Credentials one = Credentials.of("one", "secret 1");
    private final Credentials other = Credentials.of("other", "secret 2");

    @Test
    void keyIsTheSameWhileNothingChanges() {
        DayKey key = keys.get(one, DAY, "r", "s");

        assertThat(keys.get(Credentials.of("one", "secret 1"), DAY, "r", "s")).isSameAs(key);
        assertThat(keys.derived()).isEqualTo(1);
    }

    @Test
    void keysThatTakeTurnsStay() {
        DayKey key = keys.get(one, DAY, "r", "s");
        keys.get(other, DAY, "r", "s");

        assertThat(keys.get(one, DAY, "r", "s")).isSameAs(key);
        assertThat(keys.derived()).isEqualTo(2);
    }

    @Test
    void eachPartMakesAnotherKey() {
        DayKey key = keys.get(one, DAY, "r", "s");

        assertThat(keys.get(Credentials.of("one", "secret 3"), DAY, "r", "s")).isNotSameAs(key);
        assertThat(keys.get(Credentials.of("two", "secret 1"), DAY, "r", "s")).isNotSameAs(key);
        assertThat(keys.get(one, "20240301", "r", "s")).isNotSameAs(key);
        assertThat(keys.get(one, DAY, "r2", "s")).isNotSameAs(key);
        assertThat(keys.get(one, DAY, "r", "s2")).isNotSameAs(key);
        assertThat(keys.derived()).isEqualTo(6);
    }

    @Test
    void keyThatWasUsedLastStaysWhenItIsFull() {
        DayKey key = keys.get(one, DAY, "r", "s");
        keys.get(other, DAY, "r", "s");
        keys.get(one, DAY, "r", "s");

        keys.get(other, DAY, "r2", "s");

        assertThat(keys.get(one, DAY, "r", "s")).isSameAs(key);
        assertThat(keys.derived()).isEqualTo(3);
    }

    @Test
    void keysOfPastDaysGoWithTheFirstOfALaterOne() {
        DayKey key = keys.get(one, DAY, "r", "s");
        keys.get(other, "20240301", "r", "s");

        assertThat(keys.get(one, DAY, "r", "s")).isNotSameAs(key);
        assertThat(keys.derived()).isEqualTo(3);
    }

    @Test
    void oldestGoesWhenItIsFull() {
        IntStream.range(0, 5).forEach(i -> keys.get(one, DAY, "r" + i, "s"));

        keys.get(one, DAY, "r3", "s");
        keys.get(one, DAY, "r0", "s");

        assertThat(keys.derived()).isEqualTo(6);
    }
}
