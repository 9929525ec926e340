package io.mutil.bench.lru;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LrusTest {
    private static final int KEYS = 2000;

    @TempDir
    private Path directory = Path.of("");

    static List<String> names() {
        return Lrus.NAMES;
    }

    @ParameterizedTest
    @MethodSource("names")
    void keepsAsManyAsShouldStay(String who) throws Exception {
        String[] keys = Load.keys(KEYS);
        try (Lru lru = Lrus.openFor(who, KEYS, directory)) {
            for (String key : keys) {
                lru.add(key);
            }
            lru.flush();

            Lrus.requireAll(who, lru, keys);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void requestTellsWhetherItWasThere(String who) throws Exception {
        try (Lru lru = Lrus.open(who, 10, directory)) {
            assertThat(lru.request("a")).isFalse();
            assertThat(lru.request("a")).isTrue();
        }
    }

    @Test
    void missesWhatHasGone() throws Exception {
        try (Lru lru = Lrus.open("linkedHashMap", 1, directory)) {
            lru.add("a");
            lru.add("b");

            assertThatIllegalStateException()
                    .isThrownBy(() -> Lrus.requireAll("linkedHashMap", lru, new String[] {"a"}))
                    .withMessageStartingWith("linkedHashMap does not have a any more");
        }
    }
}
