package io.mutil.s4lru;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadsTest {
    @Test
    void sumsAreRightAfterAStorm(@TempDir Path dir) throws Exception {
        Set<String> evicted = ConcurrentHashMap.newKeySet();
        AtomicInteger inserted = new AtomicInteger();
        List<Entry> before;
        try (S4Lru lru = S4Lru.builder(5_000)
                .persistTo(dir.resolve("state.sqlite"))
                .commitEvery(100, Duration.ofMillis(1))
                .open()) {
            all(4, id -> {
                var random = new Random(id);
                for (int i = 0; i < 30_000; i++) {
                    int key = (int) Math.abs(random.nextGaussian() * 1_500);
                    inserted.addAndGet(lru.touch("k" + key, 1 + key % 7) ? 0 : 1);
                    if (i % 50 == id) {
                        lru.evict().forEach(old -> evicted.add(old.key()));
                    }
                    if (i % 97 == id && lru.pin("k" + key)) {
                        lru.touch("k" + key, key % 5);
                        lru.unpin("k" + key);
                    }
                    if (i % 101 == id) {
                        try (Proposal proposal = lru.propose(3)) {
                            proposal.keys().stream().limit(2).forEach(old -> proposal.confirm(old.key()));
                        }
                    }
                    lru.contains("k" + i);
                }
            });

            List<Entry> entries = lru.entries();
            LruStats stats = lru.stats();
            assertThat(entries).hasSize(lru.count()).doesNotHaveDuplicates();
            assertThat(entries.stream().mapToLong(Entry::size).sum()).isEqualTo(lru.size());
            assertThat(lru.levels().stream().mapToLong(LevelStats::size).sum()).isEqualTo(lru.size());
            assertThat(stats.inserts()).isEqualTo(inserted.get());
            assertThat(stats.inserts() - stats.evictions()).isEqualTo(lru.count());
            assertThat(stats.held()).isZero();
            assertThat(evicted).isNotEmpty();
            before = entries;
        }
        try (S4Lru lru = S4Lru.open(dir.resolve("state.sqlite"), 5_000)) {
            assertThat(lru.entries()).isEqualTo(before);
        }
    }

    /** Few keys, so that each goes and comes again while the thread of the journal writes it. */
    @Test
    void theStateIsRightAfterAStormOfKeysThatComeAgain(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        List<Entry> before;
        try (S4Lru lru = S4Lru.builder(200)
                .persistTo(file)
                .commitEvery(20, Duration.ofMillis(1))
                .open()) {
            var working = new AtomicInteger(3);
            all(4, id -> {
                if (id == 3) {
                    while (working.get() > 0) {
                        lru.flush();
                    }
                    return;
                }
                try {
                    comeAndGo(lru, new Random(id));
                } finally {
                    working.decrementAndGet();
                }
            });
            lru.commit();
            before = lru.entries();
            assertThat(before.stream().mapToLong(Entry::size).sum()).isEqualTo(lru.size());
        }
        try (S4Lru lru = S4Lru.open(file, 200)) {
            assertThat(lru.entries()).isEqualTo(before);
        }
        assertThat(Databases.query(file, "SELECT key, size, level FROM lru"))
                .containsExactlyInAnyOrderElementsOf(before.stream()
                        .map(entry -> entry.key() + "|" + entry.size() + "|" + entry.level())
                        .toList());
    }

    private static void comeAndGo(S4Lru lru, Random random) {
        for (int i = 0; i < 10_000; i++) {
            String key = "k" + random.nextInt(150);
            switch (random.nextInt(8)) {
                case 0 -> lru.remove(key);
                case 1 -> lru.evict(3);
                case 2 -> lru.evictTo(150);
                default -> lru.touch(key, 1 + random.nextInt(3));
            }
        }
    }

    @Test
    void readersSeeWhatIsThereWhileItGrows() throws Exception {
        try (S4Lru lru = S4Lru.builder(1_000_000).open()) {
            lru.touch("there", 1);
            var written = new AtomicInteger();
            all(3, id -> {
                for (int i = written.get(); i < 200_000; i = written.get()) {
                    if (id == 0) {
                        lru.touch("k" + i, 1);
                        written.set(i + 1);
                    } else {
                        assertThat(i == 0 || lru.contains("k" + (i - 1))).isTrue();
                        assertThat(lru.touch("there", 1)).isTrue();
                        assertThat(lru.contains("not there")).isFalse();
                    }
                }
            });
            assertThat(lru.count()).isEqualTo(200_001);
        }
    }

    @Test
    void aThreadAloneCountsEveryHit() throws Exception {
        try (S4Lru lru = S4Lru.builder(1_000).open()) {
            for (int i = 0; i < 100_000; i++) {
                lru.touch("k" + i % 1_000, 1);
            }
            assertThat(lru.stats().hits()).isEqualTo(99_000);
        }
    }

    private interface Work {
        void run(int id) throws Exception;
    }

    private static void all(int threads, Work work) throws Exception {
        var pool = Executors.newFixedThreadPool(threads);
        try {
            var tasks = new ArrayList<Callable<Void>>();
            for (int id = 0; id < threads; id++) {
                int mine = id;
                tasks.add(() -> {
                    work.run(mine);
                    return null;
                });
            }
            for (Future<Void> done : pool.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
