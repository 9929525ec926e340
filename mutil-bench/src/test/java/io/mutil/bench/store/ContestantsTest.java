package io.mutil.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContestantsTest {
    static List<String> scanning() {
        return StoreOptions.parse("--mode", "scan").of(StoreOptions.Mode.SCAN).stream()
                .map(Contestant::name)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("scanning")
    void givesBackEveryRow(String name, @TempDir Path directory) throws Exception {
        var rows = new Rows(2500);
        List<String> keys = new ArrayList<>();
        try (Store store = named(name).opening().open(directory, 2)) {
            store.put(rows, new Share(0, 1));
            store.scan((key, value) -> keys.add(key));
            assertThat(store.size()).isEqualTo(2500);
        }

        assertThat(keys).hasSize(2500).doesNotHaveDuplicates();
        if (!name.equals("mutil-foreach")) {
            assertThat(keys).isSorted();
        }
    }

    private static Contestant named(String name) {
        return Contestants.ALL.stream()
                .filter(contestant -> contestant.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
