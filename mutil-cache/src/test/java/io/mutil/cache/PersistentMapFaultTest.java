package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.cache.FaultyFolder.Operation;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lets every operation on the disk fail: what was put without an error is there, and what was not is old or new. */
class PersistentMapFaultTest {
    /** What a key may be on the disk; empty for not there. */
    private final Map<String, Set<Optional<String>>> allowed = new HashMap<>();

    @ParameterizedTest
    @EnumSource(Operation.class)
    void whatWasPutIsThereWhateverFails(Operation operation) throws IOException {
        int n = 0;
        while (fails(operation, n, false)) {
            n++;
        }
        for (int from = 0; fails(operation, from, true); ) {
            from += 1 + from / 4; // lives that differ by one of many operations that succeed are alike
        }
        assertThat(n).as("operations that failed").isPositive();
    }

    private boolean fails(Operation operation, int n, boolean forGood) throws IOException {
        var folder = new FaultyFolder(new MemoryFolder());
        allowed.clear();
        folder.fail(operation, i -> i == n || (forGood && i > n));
        for (int life = 0; life < 2; life++) {
            live(folder);
        }
        boolean failed = folder.failed() > 0;
        folder.heal();
        try (PersistentMap<String> map = open(folder)) {
            allowed.forEach((key, values) -> assertThat(read(map, key)).isIn(values));
            map.put("last", "well again");
            assertThat(map.get("last")).contains("well again");
            assertThat(map.stats().damaged()).isZero();
        }
        return failed;
    }

    private static PersistentMap<String> open(FaultyFolder folder) throws IOException {
        return new PersistentMapBuilder<String>(folder, text -> text.getBytes(UTF_8), bytes -> new String(bytes, UTF_8))
                .executor(Runnable::run)
                .open();
    }

    private static Optional<String> read(PersistentMap<String> map, String key) {
        try {
            return map.get(key);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Opens, changes, reads and closes; any of it may fail with an exception that says so. */
    private void live(FaultyFolder folder) {
        try (PersistentMap<String> map = open(folder)) {
            for (String key : List.of("a", "b", "k".repeat(300), "a")) {
                put(map, key, "value " + allowed.size());
            }
            remove(map, "b");
            put(map, "b", "again");
            put(map, "a", "last");
            look(map);
        } catch (IOException e) {
            // It could not be opened, or not all was written, which was told before.
        }
    }

    private void put(PersistentMap<String> map, String key, String value) {
        try {
            map.put(key, value);
            allowed.put(key, Set.of(Optional.of(value)));
        } catch (IOException e) {
            alsoAllowed(key, Optional.of(value));
        }
        assertThat(read(map, key)).contains(value);
    }

    private void remove(PersistentMap<String> map, String key) {
        try {
            map.remove(key);
            allowed.put(key, Set.of(Optional.empty()));
        } catch (IOException e) {
            alsoAllowed(key, Optional.empty());
        }
        assertThat(read(map, key)).isEmpty();
    }

    private void alsoAllowed(String key, Optional<String> value) {
        var either = new HashSet<>(allowed.getOrDefault(key, Set.of(Optional.empty())));
        either.add(value);
        allowed.put(key, either);
    }

    private void look(PersistentMap<String> map) {
        allowed.forEach((key, values) -> {
            try {
                // what is in memory may be newer than what is on the disk, never another value
                assertThat(map.get(key)).isIn(values);
            } catch (IOException e) {
                // a read may fail too
            }
        });
    }
}
