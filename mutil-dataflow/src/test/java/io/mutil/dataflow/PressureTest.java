package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one client that hardly reads does to the others, and to who feeds the topology. {@link PressureSoakTest} does it for long. */
@Timeout(120)
class PressureTest {
    /** Reads nothing before it is told to hurry. */
    private static final Duration NEVER = Duration.ofDays(1);

    @ParameterizedTest
    @EnumSource(
            value = SlowReader.class,
            names = {"SKIP", "DISCONNECT"})
    void aClientThatHardlyReadsKeepsNothingFromTheOthers(SlowReader policy) throws Exception {
        try (var rig = new PressureRig(policy, 1 << 19, Duration.ofMillis(1))) {
            rig.begin();
            PressureSoakTest.await(
                    rig.feed(() -> rig.discarded(0) == 0 || rig.discarded(1) == 0 || rig.sent() < 5000, 200));

            PressureSoakTest.assertTheFastMissedNothing(rig);
            DataflowStats stats = rig.end();
            PressureSoakTest.assertBooks(rig, policy, stats);
        }
    }

    @Test
    void aClientThatIsWaitedForHoldsBackWhoFeeds() throws Exception {
        try (var rig = new PressureRig(SlowReader.WAIT, 1 << 18, NEVER)) {
            rig.begin();
            var enough = new AtomicBoolean();
            List<CompletableFuture<Void>> feeding = rig.feed(() -> !enough.get(), Long.MAX_VALUE);
            Eventually.until("neither feed is read from", () -> PressureSoakTest.waitingFeeds(rig) == 2);
            assertThat(rig.slow()).allMatch(reader -> reader.received() <= 1);

            enough.set(true);
            rig.slow().forEach(PressureReader::hurry);
            PressureSoakTest.await(feeding);
            PressureSoakTest.assertTheFastMissedNothing(rig);
            DataflowStats stats = rig.end();
            PressureSoakTest.assertBooks(rig, SlowReader.WAIT, stats);
        }
    }
}
