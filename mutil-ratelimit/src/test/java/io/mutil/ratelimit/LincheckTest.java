package io.mutil.ratelimit;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
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

/** Every outcome of threads that run into each other is one that some order of their calls has. */
@Tag("soak")
@Timeout(600)
@EnabledForJreRange(max = JRE.JAVA_21, disabledReason = "Lincheck is known to miss races on newer ones")
class LincheckTest {
    @Param(name = "permits", gen = IntGen.class, conf = "1:2")
    public static class Linearizable {
        private final AtomicLong clock = new AtomicLong();
        private final RateLimit limit = RateLimit.builder(Rule.slidingWindow(2, Duration.ofNanos(2)))
                .nanoTime(clock::get)
                .build();

        @Operation
        public boolean tryAcquire(@Param(name = "permits") int permits) {
            return limit.tryAcquire(permits);
        }

        @Operation
        public void advance() {
            clock.incrementAndGet();
        }

        @Operation
        public void refund() {
            limit.refund();
        }
    }

    @Test
    void permitsAreLinearizableInManyInterleavings() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(4)
                // it would take the pauses, which are many and touch nothing, for a thread that hangs
                .addGuarantee(forClasses(Mutex.class.getName()).methods("spin").ignore())
                .check(Linearizable.class);
    }

    @Test
    void permitsAreLinearizableUnderStress() {
        new StressOptions()
                .iterations(5)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(4)
                .check(Linearizable.class);
    }
}
