package io.mutil.s4lru;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Every step of random programs leaves what the plain lists have, also after a restart and after a crash. */
class ModelTest {
    @Property(tries = 300)
    void inMemory(@ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int levels) throws Exception {
        new Run(new Random(seed), levels, null).run(200);
    }

    @Property(tries = 25)
    void onDisk(@ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int levels) throws Exception {
        Path dir = Files.createTempDirectory("s4lru-model");
        try {
            new Run(new Random(seed), levels, dir.resolve("state.sqlite")).run(200);
        } finally {
            Files.deleteIfExists(dir.resolve("state.sqlite"));
            Files.delete(dir);
        }
    }

    private static final class Run {
        private final Random random;
        private final double[] shares;
        private final @Nullable Path file;
        private final ListModel model;
        private final Map<String, Integer> pins = new HashMap<>();
        private final List<Proposal> proposals = new ArrayList<>();
        private S4Lru lru;

        Run(Random random, int levels, @Nullable Path file) throws IOException {
            this.random = random;
            this.file = file;
            shares = new double[levels];
            for (int level = 0; level < levels; level++) {
                shares[level] = 1 << random.nextInt(3);
            }
            model = new ListModel(10 + random.nextInt(100), normal(shares));
            lru = open(file);
        }

        private static double[] normal(double... shares) {
            double sum = java.util.Arrays.stream(shares).sum();
            return java.util.Arrays.stream(shares).map(share -> share / sum).toArray();
        }

        private S4Lru open(@Nullable Path file) throws IOException {
            S4LruBuilder builder =
                    S4Lru.builder(model.capacity).shares(shares).commitEvery(1_000_000, Duration.ofHours(1));
            return (file == null ? builder : builder.persistTo(file)).open();
        }

        void run(int steps) throws Exception {
            for (int step = 0; step < steps; step++) {
                step(random.nextInt(100));
                compare(lru);
            }
            lru.close();
        }

        private String key() {
            return "k" + random.nextInt(20);
        }

        private void step(int dice) throws Exception {
            if (dice < 60) {
                touch(key(), random.nextInt(12), random.nextInt(10) == 0 ? random.nextInt(5) : 1);
            } else if (dice < 70) {
                evict();
            } else if (dice < 75) {
                remove(key());
            } else if (dice < 82) {
                pinOrUnpin(key());
            } else if (dice < 90) {
                propose();
            } else if (dice < 95) {
                model.resize(10 + random.nextInt(100));
                lru.resize(model.capacity);
            } else if (file != null && dice < 96) {
                lru.flush();
            } else if (file != null && dice < 98) {
                crash(file);
            } else if (file != null) {
                reopen();
            }
        }

        private void touch(String key, long size, int up) {
            // mostly the size that is known, so that the way without the lock is taken
            long taken = random.nextInt(4) > 0 ? model.sizes.getOrDefault(key, size) : size;
            assertThat(up == 1 ? lru.touch(key, taken) : lru.touch(key, taken, up))
                    .isEqualTo(model.touch(key, taken, up));
        }

        private void evict() {
            int most = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(4);
            long target = most < Integer.MAX_VALUE || random.nextBoolean() ? model.capacity : random.nextInt(50);
            List<String> expected = model.coldest(excess(target), most);
            List<Evicted> evicted = most < Integer.MAX_VALUE
                    ? lru.evict(most)
                    : target == model.capacity ? lru.evict() : lru.evictTo(target);
            assertThat(evicted).extracting(Evicted::key).isEqualTo(expected);
            expected.forEach(model::remove);
        }

        private long excess(long target) {
            long proposed = model.size(model.held.keySet().stream()
                    .filter(key -> !pins.containsKey(key))
                    .toList());
            return model.size(model.sizes.keySet()) - proposed - target;
        }

        private void remove(String key) {
            assertThat(lru.remove(key)).isEqualTo(model.remove(key));
            pins.remove(key);
        }

        private void pinOrUnpin(String key) {
            if (random.nextBoolean()) {
                boolean may = model.level(key) >= 0 && (!model.held.containsKey(key) || pins.containsKey(key));
                assertThat(lru.pin(key)).isEqualTo(may);
                if (may && pins.merge(key, 1, Integer::sum) == 1) {
                    model.hold(key);
                }
            } else {
                assertThat(lru.unpin(key)).isEqualTo(pins.containsKey(key));
                if (pins.computeIfPresent(key, (name, count) -> count == 1 ? null : count - 1) == null
                        && model.held.containsKey(key)
                        && !isProposed(key)) {
                    model.letGo(key);
                }
            }
        }

        private boolean isProposed(String key) {
            return proposals.stream()
                    .anyMatch(open -> open.keys().stream()
                            .anyMatch(proposed -> proposed.key().equals(key)));
        }

        private void propose() {
            if (proposals.isEmpty()) {
                int most = random.nextInt(5);
                List<String> expected = model.coldest(excess(model.capacity), most);
                Proposal proposal = lru.propose(most);
                assertThat(proposal.keys()).extracting(Evicted::key).isEqualTo(expected);
                expected.forEach(model::hold);
                proposals.add(proposal);
            } else {
                answer(proposals.remove(0));
            }
        }

        private void answer(Proposal proposal) {
            for (Evicted old : proposal.keys()) {
                boolean open = model.held.containsKey(old.key()) && !pins.containsKey(old.key());
                if (random.nextBoolean()) {
                    assertThat(proposal.confirm(old.key())).isEqualTo(open);
                    if (open) {
                        model.remove(old.key());
                    }
                } else {
                    assertThat(proposal.giveBack(old.key())).isEqualTo(open);
                    if (open) {
                        model.letGo(old.key());
                    }
                }
            }
        }

        private void reopen() throws IOException {
            letGoOfAll();
            lru.close();
            lru = open(file);
        }

        /** Nothing is held by a state that was closed, so that the order in which it goes back is up to the caller. */
        private void letGoOfAll() {
            for (String key : List.copyOf(pins.keySet())) {
                while (lru.unpin(key)) {
                    pins.merge(key, -1, Integer::sum);
                }
                assertThat(pins.remove(key)).isZero();
                model.letGo(key);
            }
            for (Proposal proposal : proposals) {
                proposal.close();
                proposal.keys().stream()
                        .map(Evicted::key)
                        .filter(model.held::containsKey)
                        .forEach(model::letGo);
            }
            proposals.clear();
            assertThat(model.held).isEmpty();
        }

        /** What a crash would leave now, which is all that was committed, is what the model has. */
        private void crash(Path file) throws Exception {
            letGoOfAll();
            if (random.nextBoolean()) {
                lru.flush();
            } else {
                lru.commit();
            }
            Path left = file.resolveSibling("left.sqlite");
            copy(file, left, "");
            copy(file, left, "-wal");
            try (S4Lru crashed = open(left)) {
                compare(crashed);
            }
            Files.delete(left);
        }

        private static void copy(Path from, Path to, String suffix) throws IOException {
            Files.copy(from.resolveSibling(from.getFileName() + suffix), to.resolveSibling(to.getFileName() + suffix));
        }

        private void compare(S4Lru lru) {
            var expected = new ArrayList<List<String>>();
            model.levels.forEach(level -> {
                var coldestFirst = new ArrayList<>(level);
                Collections.reverse(coldestFirst);
                expected.add(coldestFirst);
            });
            var found = new ArrayList<List<String>>();
            model.levels.forEach(level -> found.add(new ArrayList<>()));
            for (Entry entry : lru.entries()) {
                assertThat(entry.size()).isEqualTo(model.sizes.get(entry.key()));
                assertThat(entry.held()).isEqualTo(model.held.containsKey(entry.key()));
                assertThat(entry.level()).isEqualTo(model.level(entry.key()));
                if (!entry.held()) {
                    found.get(entry.level()).add(entry.key());
                }
            }
            assertThat(found).isEqualTo(expected);
            assertThat(lru.count()).isEqualTo(model.sizes.size());
            assertThat(lru.size()).isEqualTo(model.size(model.sizes.keySet()));
            for (LevelStats stats : lru.levels()) {
                assertThat(stats.size()).isEqualTo(model.size(model.levels.get(stats.level())));
                assertThat(stats.count())
                        .isEqualTo(model.levels.get(stats.level()).size());
            }
        }
    }
}
