package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruningTest {
    @Test
    void looksNoFurtherThanTheFirstBatchThatIsNotFull(@TempDir Path dir) throws Exception {
        try (var store = Stores.builder(dir).shards(1).open()) {
            Map<ShardKey, String> rows = new HashMap<>();
            for (int i = 0; i < Removal.BATCH + 1; i++) {
                rows.put(ShardKey.of("a", i, "x"), "v");
            }
            store.putAll(rows);

            assertThat(store.prune(Removal.BATCH + 1)).isEqualTo(Removal.BATCH + 1);
            assertThat(store.stats().total(ShardStats::reads)).isEqualTo(2);
            assertThat(store.prune(Removal.BATCH + 1)).isZero();
            assertThat(store.stats().total(ShardStats::reads)).isEqualTo(3);
        }
    }
}
