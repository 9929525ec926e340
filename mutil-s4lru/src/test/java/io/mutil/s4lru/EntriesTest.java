package io.mutil.s4lru;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EntriesTest {
    private static final int KEYS = 1 << 14;

    private final Entries entries = new Entries(new SplittableRandom(1), 4);

    /** "Aa" and "BB" have one hash code, and so has every text of n such pairs. */
    private static String colliding(int number) {
        var key = new StringBuilder();
        for (int bit = 0; bit < 14; bit++) {
            key.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return key.toString();
    }

    @Test
    void keysWithEqualHashCodesHaveHashesOfTheirOwn() {
        for (int i = 0; i < KEYS; i++) {
            entries.add(colliding(i), 1, 0);
        }

        long places = IntStream.range(0, KEYS)
                .map(i -> entries.hash(entries.find(colliding(i))) & (KEYS - 1))
                .distinct()
                .count();
        assertThat(places).as("as chance spreads them").isGreaterThan(KEYS * 6 / 10);
    }

    @Test
    void whatComesAndGoesIsFound() {
        for (int i = 0; i < KEYS; i++) {
            entries.add("k" + i, i, 0);
        }
        IntStream.range(0, KEYS).filter(i -> i % 3 == 0).forEach(i -> entries.remove(entries.find("k" + i)));

        for (int i = 0; i < KEYS; i++) {
            long seen = entries.look("k" + i, Entries.ANY_SIZE);
            assertThat(seen == Entries.ABSENT).isEqualTo(i % 3 == 0);
            assertThat(seen < 0 || entries.size(Hit.slot(seen)) == i).isTrue();
        }
        assertThat(entries.count()).isEqualTo(KEYS - (KEYS + 2) / 3);
    }

    @Test
    void aHitOfAKeyThatWentIsNotOneOfTheNextInItsPlace() {
        int first = entries.add("first", 1, 0);
        long hit = entries.look("first", 1);
        assertThat(entries.isCurrent(hit)).isTrue();

        entries.remove(first);
        assertThat(entries.isCurrent(hit)).isFalse();
        assertThat(entries.add("second", 1, 0)).isEqualTo(first);
        assertThat(entries.isCurrent(hit)).isFalse();
    }

    @Test
    void asksForTheLockWhenTheSizeIsAnother() {
        entries.add("key", 1L << 40, 0);

        assertThat(entries.look("key", 1)).isEqualTo(Entries.UNSURE);
        assertThat(entries.look("key", 1L << 40)).isNotNegative();
        entries.close();
        assertThat(entries.look("key", 1L << 40)).isEqualTo(Entries.UNSURE);
    }

    @Test
    void aReaderWithSmallArraysPassesOverWhatTheyHaveNoRoomFor() {
        var before = new Arena();
        Arena grown = before.withRoom(32);
        int hash = grown.hash("new");
        grown.keys[16] = "new";
        grown.words[16 * Arena.WORDS + Arena.HASH] = hash;
        grown.enter(16, hash);

        assertThat(grown.find("new", hash)).isEqualTo(16);
        assertThat(before.find("new", hash)).isEqualTo(Entries.NONE);
    }

    @Test
    void roomThatIsReservedIsUsedAndMayBeTooSmall() {
        int first = entries.add("first", 1, 0);
        entries.reserve(1_000);
        entries.reserve(10);

        for (int i = 0; i < 2_000; i++) {
            int slot = entries.add("key" + i, i, 0);
            assertThat(entries.find("key" + i)).isEqualTo(slot);
        }
        assertThat(entries.find("first")).isEqualTo(first);
        assertThat(entries.count()).isEqualTo(2_001);
    }

    @Test
    void aHitHoldsTheLargestOfEach() {
        long hit = Hit.up(Integer.MAX_VALUE, Hit.of((1 << 27) - 1, -1));

        assertThat(hit).isNotNegative();
        assertThat(Hit.slot(hit)).isEqualTo((1 << 27) - 1);
        assertThat(Hit.levels(hit)).isEqualTo(63);
        assertThat(Hit.hasHash(hit, -1)).isTrue();
        assertThat(Hit.hasHash(hit, 0)).isFalse();
    }
}
