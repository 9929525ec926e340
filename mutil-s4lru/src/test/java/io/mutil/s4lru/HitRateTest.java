package io.mutil.s4lru;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hit rates of S4LRU as Caffeine's simulator (3.1.8) has them for the traces of cache2k's benchmarks. */
class HitRateTest {
    static IntBuffer trace(String name) throws IOException {
        try (var in = new GZIPInputStream(VectorsTest.resource("traces/" + name + ".trace.gz"))) {
            return ByteBuffer.wrap(in.readAllBytes())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer();
        }
    }

    private static double hitRate(S4LruBuilder builder, String name) throws IOException {
        IntBuffer trace = trace(name);
        int hits = 0;
        try (S4Lru lru = builder.open()) {
            for (int i = 0; i < trace.limit(); i++) {
                hits += lru.touch(Integer.toString(trace.get(i)), 1) ? 1 : 0;
                lru.evict();
            }
            assertThat(lru.stats().hits()).isEqualTo(hits);
        }
        return 100.0 * hits / trace.limit();
    }

    @ParameterizedTest
    @CsvSource({
        "web07,  500, 49.03",
        "web07, 1000, 53.59",
        "web07, 2000, 57.95",
        "web12,  500, 59.60",
        "web12, 1000, 68.23",
        "web12, 2000, 74.97"
    })
    void equalsTheSimulator(String trace, int capacity, String published) throws IOException {
        assertThat(String.format(Locale.ROOT, "%.2f", hitRate(S4Lru.builder(capacity), trace)))
                .isEqualTo(published);
    }

    @ParameterizedTest
    @CsvSource({"web07, 1000, 47.38", "web12, 1000, 63.41"})
    void admissionIsNearTheSimulator(String trace, int capacity, double published) throws IOException {
        // another sketch and another hash: near, not equal
        assertThat(hitRate(S4Lru.builder(capacity).tinyLfu(), trace)).isBetween(published - 2, published + 5);
    }
}
