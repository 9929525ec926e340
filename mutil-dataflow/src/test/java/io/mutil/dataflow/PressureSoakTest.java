package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Eventually;
import io.mutil.testkit.Memory;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Feeds a topology with a client that hardly reads at full speed for a minute, or {@code -Dmutil.soak.seconds}; what it holds
 * must not grow.
 */
@Tag("soak")
class PressureSoakTest {
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("mutil.soak.seconds", 60));
    private static final int SAMPLES = 20;
    /** Below the queue of a client, so that one that reads is never taken for slow. */
    private static final int WINDOW = 400;
    /** Far less than flows in a second without pressure, far more than kernels and queues hold. */
    private static final long MOST_UNDER_WAY = (128L << 20) / PressureRig.ITEM_BYTES;

    private final List<Long> heap = new ArrayList<>();
    private final List<Long> direct = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(SlowReader.class)
    @Timeout(600)
    void memoryStaysFlatWhateverOneClientDoes(SlowReader policy) throws Exception {
        boolean waits = policy == SlowReader.WAIT;
        Duration pause = waits ? Duration.ofMillis(1) : Duration.ofMillis(20);
        try (var rig = new PressureRig(policy, 1 << 20, pause)) {
            rig.begin();
            long end = System.nanoTime() + LENGTH.toNanos();
            BooleanSupplier goesOn = () -> System.nanoTime() < end;
            List<CompletableFuture<Void>> feeding = rig.feed(goesOn, waits ? Long.MAX_VALUE : WINDOW);
            if (waits) {
                Eventually.until("neither feed is read from", () -> waitingFeeds(rig) == 2);
            }
            sample(rig, goesOn, waits);
            rig.slow().forEach(waits ? PressureReader::hurry : reader -> {});
            await(feeding);

            assertTheFastMissedNothing(rig);
            report(policy, rig);
            assertBooks(rig, policy, rig.end());
        }
        Memory.assertFlat(heap);
        Memory.assertFlat(direct);
    }

    private void sample(PressureRig rig, BooleanSupplier goesOn, boolean waits) {
        long period = LENGTH.dividedBy(SAMPLES).toNanos();
        while (goesOn.getAsBoolean()) {
            LockSupport.parkNanos(period);
            heap.add(Memory.heapAfterCollection());
            direct.add(PlatformDependent.usedDirectMemory());
            if (waits) {
                long slowest =
                        Math.min(rig.slow().get(0).received(), rig.slow().get(1).received());
                assertThat(rig.sent() - slowest).isLessThan(MOST_UNDER_WAY);
            }
        }
    }

    private void report(SlowReader policy, PressureRig rig) {
        System.getLogger(PressureSoakTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        policy + ": " + rig.sent() + " items; heap " + mebi(heap) + " MiB; direct " + mebi(direct)
                                + " MiB");
    }

    private static List<Long> mebi(List<Long> bytes) {
        return bytes.stream().map(n -> n >> 20).toList();
    }

    // what the short form does too

    static void await(List<CompletableFuture<Void>> feeding) throws Exception {
        for (CompletableFuture<Void> feed : feeding) {
            feed.get(60, TimeUnit.SECONDS);
        }
    }

    /** How many of the two are not read from, since there is no room for what they sent. */
    static long waitingFeeds(PressureRig rig) {
        return rig.running().stats().edges().get(0).waiting();
    }

    static void assertTheFastMissedNothing(PressureRig rig) {
        for (PressureReader reader : rig.fast()) {
            Eventually.until("all came", () -> reader.received() == rig.sent());
        }
    }

    /** After the end: who stayed got everything, or it was discarded. */
    static void assertBooks(PressureRig rig, SlowReader policy, DataflowStats stats) {
        assertThat(stats.lost()).isZero();
        assertThat(stats.edges()).allMatch(edge -> edge.dropped() == 0 && edge.queued() == 0);
        for (int i = 0; i < rig.slow().size(); i++) {
            long received = rig.slow().get(i).received();
            assertThat(rig.fast().get(i).received()).isEqualTo(rig.sent());
            switch (policy) {
                case WAIT -> {
                    assertThat(received).isEqualTo(rig.sent());
                    assertThat(rig.discarded(i)).isZero();
                }
                case SKIP -> {
                    assertThat(rig.discarded(i)).isPositive();
                    assertThat(received + rig.discarded(i)).isEqualTo(rig.sent());
                }
                case DISCONNECT -> assertThat(rig.discarded(i)).isPositive();
            }
        }
    }
}
