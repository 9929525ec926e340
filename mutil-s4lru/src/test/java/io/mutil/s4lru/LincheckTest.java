package io.mutil.s4lru;

import java.io.IOException;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@Tag("soak")
@Timeout(600)
@EnabledForJreRange(max = JRE.JAVA_21, disabledReason = "Lincheck is known to miss races on newer ones")
class LincheckTest {
    /** Three keys: what is there and how much it is has an order that all threads can agree on. */
    @Param(name = "key", gen = IntGen.class, conf = "0:2")
    public static class Linearizable {
        private final S4Lru lru;

        public Linearizable() throws IOException {
            lru = S4Lru.builder(2).levels(2).open();
        }

        @Operation
        public boolean touch(@Param(name = "key") int key) {
            return lru.touch("k" + key, 1);
        }

        @Operation
        public boolean grow(@Param(name = "key") int key) {
            return lru.touch("k" + key, 2);
        }

        @Operation
        public boolean contains(@Param(name = "key") int key) {
            return lru.contains("k" + key);
        }

        @Operation
        public boolean remove(@Param(name = "key") int key) {
            return lru.remove("k" + key);
        }

        @Operation
        public long size() {
            return lru.size();
        }
    }

    /** As many keys as the first arrays hold: a new one makes them grow. */
    @Param(name = "key", gen = IntGen.class, conf = "0:2")
    public static class Growing {
        private final S4Lru lru;

        public Growing() throws IOException {
            lru = S4Lru.builder(100).levels(1).open();
            for (int i = 0; i < 15; i++) {
                lru.touch("there" + i, 1);
            }
        }

        @Operation
        public boolean touch(@Param(name = "key") int key) {
            return lru.touch("k" + key, 1);
        }

        @Operation
        public boolean contains(@Param(name = "key") int key) {
            return lru.contains("k" + key);
        }
    }

    @Test
    void growingIsLinearizableInManyInterleavings() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .check(Growing.class);
    }

    @Test
    void contentIsLinearizableInManyInterleavings() {
        new ModelCheckingOptions()
                .iterations(30)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsPerThread(3)
                .check(Linearizable.class);
    }

    @Test
    void contentIsLinearizableUnderStress() {
        new StressOptions()
                .iterations(15)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(3)
                .check(Linearizable.class);
    }
}
