package io.mutil.s4lru;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S4LruTest {
    private static S4Lru lru(long capacity) throws IOException {
        return S4Lru.builder(capacity).open();
    }

    private static List<String> keys(List<Evicted> evicted) {
        return evicted.stream().map(Evicted::key).toList();
    }

    private static List<String> coldestFirst(S4Lru lru) {
        return lru.entries().stream().map(Entry::key).toList();
    }

    @Test
    void tellsNewKeysFromKnownOnes() throws IOException {
        try (S4Lru lru = lru(100)) {
            assertThat(lru.touch("a", 5)).isFalse();
            assertThat(lru.touch("a", 5)).isTrue();
            assertThat(lru.contains("a")).isTrue();
            assertThat(lru.contains("b")).isFalse();
        }
    }

    @Test
    void usesTheWholeCapacity() throws IOException {
        try (S4Lru lru = lru(400)) {
            for (int i = 0; i < 10; i++) {
                lru.touch("k" + i, 100);
            }

            assertThat(keys(lru.evict())).containsExactly("k0", "k1", "k2", "k3", "k4", "k5");
            assertThat(lru.size()).isEqualTo(400);
            assertThat(lru.evict()).isEmpty();
        }
    }

    @Test
    void evictedKeysAreReallyGone() throws IOException {
        try (S4Lru lru = lru(10)) {
            lru.touch("old", 10);
            lru.touch("new", 10);
            assertThat(lru.evict()).containsExactly(new Evicted("old", 10));

            assertThat(lru.contains("old")).isFalse();
            assertThat(lru.touch("old", 10)).isFalse();

            assertThat(lru.size()).isEqualTo(20);
            assertThat(lru.count()).isEqualTo(2);
            assertThat(lru.levels().get(0).size()).isEqualTo(20);
        }
    }

    @Test
    void evictedKeysAreReallyGoneWithTheRulesOfTheLibraryToo() throws IOException {
        try (S4Lru lru = S4Lru.builder(4).compatible().open()) {
            for (int i = 0; i < 6; i++) {
                lru.touch("k" + i, 1);
            }
            List<String> gone = keys(lru.evict());
            assertThat(gone).isNotEmpty();

            gone.forEach(key -> assertThat(lru.touch(key, 1)).isFalse());

            assertThat(lru.size()).isEqualTo(6);
            assertThat(lru.count()).isEqualTo(6);
        }
    }

    @Test
    void aChangedSizeCounts() throws IOException {
        try (S4Lru lru = lru(100)) {
            lru.touch("a", 10);

            assertThat(lru.touch("a", 25)).isTrue();

            assertThat(lru.size()).isEqualTo(25);
            assertThat(lru.entries()).containsExactly(new Entry("a", 25, 1, false));
        }
    }

    @Test
    void hitsClimbAndFullLevelsHandDown() throws IOException {
        try (S4Lru lru = lru(4)) {
            lru.touch("a", 1);
            lru.touch("b", 1);
            lru.touch("a", 1);
            lru.touch("b", 1);

            assertThat(lru.levels()).extracting(LevelStats::count).containsExactly(1, 1, 0, 0);
            assertThat(coldestFirst(lru)).containsExactly("a", "b");
        }
    }

    @Test
    void sharesBelongToLevels() throws IOException {
        try (S4Lru lru = S4Lru.builder(100).shares(1, 3).open()) {
            assertThat(lru.levels()).extracting(LevelStats::capacity).containsExactly(25L, 75L);
        }
    }

    @Test
    void smallKeysClimbFaster() throws IOException {
        long mib = 1 << 20;
        try (S4Lru lru =
                S4Lru.builder(100 * mib).promotion(Promotion.SMALL_FIRST).open()) {
            lru.touch("small", mib - 1);
            lru.touch("middle", mib);
            lru.touch("large", 3 * mib);

            assertThat(lru.entries()).extracting(Entry::level).containsExactly(0, 2, 3);
            assertThat(Promotion.SMALL_FIRST.levels("huge", Long.MAX_VALUE)).isEqualTo(1);
        }
    }

    @Test
    void pinnedKeysStay() throws IOException {
        try (S4Lru lru = lru(1)) {
            lru.touch("a", 1);
            lru.touch("b", 1);
            assertThat(lru.pin("a")).isTrue();
            assertThat(lru.pin("a")).isTrue();

            assertThat(keys(lru.evictTo(0))).containsExactly("b");
            assertThat(lru.unpin("a")).isTrue();
            assertThat(lru.evictTo(0)).isEmpty();
            assertThat(lru.unpin("a")).isTrue();

            assertThat(keys(lru.evictTo(0))).containsExactly("a");
            assertThat(lru.unpin("a")).isFalse();
            assertThat(lru.pin("a")).isFalse();
        }
    }

    @Test
    void proposedKeysAreNotProposedTwice() throws IOException {
        try (S4Lru lru = lru(2)) {
            IntStream.range(0, 4).forEach(i -> lru.touch("k" + i, 1));

            try (Proposal first = lru.propose(1);
                    Proposal second = lru.propose(10)) {
                assertThat(keys(first.keys())).containsExactly("k0");
                assertThat(keys(second.keys())).containsExactly("k1");
                assertThat(lru.evict()).isEmpty();
                assertThat(lru.pin("k0")).isFalse();
                assertThat(first.confirm("k0")).isTrue();
                assertThat(first.confirm("k0")).isFalse();
                assertThat(first.confirm("k1")).isFalse();
            }

            assertThat(lru.contains("k1")).isTrue();
            assertThat(coldestFirst(lru)).containsExactly("k2", "k3", "k1");
            assertThat(lru.stats().evictions()).isEqualTo(1);
        }
    }

    @Test
    void aKeyThatCameAgainIsNotConfirmedAway() throws IOException {
        try (S4Lru lru = lru(1)) {
            lru.touch("a", 2);
            Proposal proposal = lru.propose(1);
            lru.remove("a");
            lru.touch("a", 2);

            assertThat(proposal.confirm("a")).isFalse();
            assertThat(lru.contains("a")).isTrue();
        }
    }

    @Test
    void coldestGivesAsManyAsAsked() throws IOException {
        try (S4Lru lru = lru(10)) {
            IntStream.range(0, 5).forEach(i -> lru.touch("k" + i, 1));
            lru.pin("k0");

            assertThat(lru.coldest(2)).extracting(Entry::key).containsExactly("k1", "k2");
            assertThat(coldestFirst(lru)).containsExactly("k1", "k2", "k3", "k4", "k0");
            assertThat(lru.coldest(0)).isEmpty();
        }
    }

    @Test
    void countsWhatHappens() throws IOException {
        try (S4Lru lru = lru(3)) {
            IntStream.range(0, 5).forEach(i -> lru.touch("k" + i, 2));
            lru.touch("k4", 2);
            lru.touch("k4", 3);
            lru.remove("k3");
            lru.pin("k4");
            lru.evict();

            assertThat(lru.stats()).isEqualTo(new LruStats(2, 5, 3, 6, 1, 3, 3, 1, 1, 0, false));
        }
    }

    @Test
    void growsAndShrinks() throws IOException {
        try (S4Lru lru = lru(8)) {
            for (int i = 0; i < 4; i++) {
                String key = "k" + i;
                IntStream.range(0, 4).forEach(hit -> lru.touch(key, 1));
            }
            lru.resize(4);

            assertThat(lru.levels()).extracting(LevelStats::count).containsExactly(1, 1, 1, 1);
            assertThat(lru.capacity()).isEqualTo(4);
            assertThat(lru.evict()).isEmpty();
        }
    }

    @Test
    void millionsOfKeysComeAndGo() throws IOException {
        try (S4Lru lru = lru(10_000)) {
            for (int i = 0; i < 1_000_000; i++) {
                lru.touch("k" + i, 1);
                if (lru.size() > 11_000) {
                    lru.evict();
                }
            }
            lru.evict();

            assertThat(lru.count()).isEqualTo(10_000);
            assertThat(lru.contains("k999999")).isTrue();
            assertThat(lru.contains("k989999")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void capacityIsPositive(long capacity) {
        assertThatThrownBy(() -> S4Lru.builder(capacity))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity must be positive, was " + capacity);
    }

    @Test
    void refusesBadArguments() throws IOException {
        S4LruBuilder builder = S4Lru.builder(1);
        assertThatThrownBy(() -> builder.levels(0)).hasMessage("levels must be from 1 to 64, was 0");
        assertThatThrownBy(() -> builder.levels(65)).hasMessage("levels must be from 1 to 64, was 65");
        assertThatThrownBy(() -> builder.shares(1, 0)).hasMessage("each share must be positive, was 0.0");
        assertThatThrownBy(() -> builder.shares(1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> S4Lru.builder(1).levels(4).shares(2, 1, 1).open())
                .hasMessageStartingWith("4 levels() and 3 shares(): give one share for each level");
        assertThatThrownBy(() -> builder.name("a/b")).hasMessage("name must be part of a file name, was \"a/b\"");
        assertThatThrownBy(() -> builder.compatible().tinyLfu().open()).isInstanceOf(IllegalStateException.class);
        try (S4Lru lru = lru(1)) {
            assertThatThrownBy(() -> lru.touch("a", -1)).hasMessage("size must not be negative, was -1");
            assertThatThrownBy(() -> lru.touch("a", 1, -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> lru.touch("\uD800", 1)).hasMessage("key has half a surrogate pair at 0");
            assertThatThrownBy(() -> lru.touch("x\uDC00y", 1)).hasMessage("key has half a surrogate pair at 1");
            lru.touch("\uD83D\uDE00", Long.MAX_VALUE);
            assertThatThrownBy(() -> lru.touch("b", 1)).hasMessageContaining("would pass 2^63-1; evict some first");
            assertThat(lru.count()).isEqualTo(1);
            assertThatThrownBy(() -> lru.evict(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> lru.evictTo(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anEvictionThatIsClosedInTheMiddleTellsWhatItGaveUp() {
        var closing = new ClosingLock();
        var entries = new Entries(new SplittableRandom(), 1);
        var levels = new Levels(entries, 1);
        var policy = new SegmentedPolicy(entries, levels, Changes.IGNORED, new double[] {1}, null);
        var ledger = new Ledger(entries, levels, policy, Changes.IGNORED, 1);
        var hits = new HitBuffers(1, ledger::hit);
        var lru = new S4Lru(closing, entries, ledger, hits, Promotion.ONE_LEVEL, null);
        IntStream.range(0, 5_000).forEach(i -> lru.touch("k" + i, 1));

        closing.next = lru;
        List<Evicted> evicted = lru.evict();

        assertThat(evicted).isNotEmpty();
        assertThat(evicted.size() + lru.count()).isEqualTo(5_000);
        assertThatThrownBy(lru::evict).hasMessage("this S4Lru is closed");
    }

    /** Lets somebody close the LRU as soon as the lock is free. */
    private static final class ClosingLock extends ReentrantLock {
        private static final long serialVersionUID = 1;

        private transient @Nullable S4Lru next;

        @Override
        public void unlock() {
            super.unlock();
            S4Lru closing = next;
            next = null;
            try {
                if (closing != null) {
                    closing.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void refusesWorkOnceClosed() throws Exception {
        S4Lru lru = lru(1);
        lru.touch("a", 1);
        Proposal proposal = lru.propose(1);
        lru.close();
        lru.close();

        assertThatThrownBy(() -> lru.touch("a", 1)).hasMessage("this S4Lru is closed");
        assertThatThrownBy(() -> lru.touch("b", 1)).hasMessage("this S4Lru is closed");
        assertThat(lru.contains("a")).isTrue();
        assertThat(lru.contains("b")).isFalse();
        assertThatThrownBy(lru::evict).isInstanceOf(IllegalStateException.class);
        lru.flush();
        proposal.close();
        assertThat(lru).hasToString("S4Lru[1 keys, 1 of 1]");
    }
}
