package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriteQueueTest {
    private static final long DELAY = Duration.ofHours(1).toNanos();

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - DELAY / 4);
    private final WriteQueue queue = new WriteQueue(Path.of("none"), 10, DELAY, clock::get);

    private static Write<?> behind(int key) {
        return Write.put(List.of(new Change(ShardKey.of(key), new byte[1]))).markBehind();
    }

    @Test
    void letsNothingLieForLongerThanTheDelay() throws Exception {
        queue.add(behind(1), false);
        clock.addAndGet(DELAY / 2);
        queue.add(behind(2), false);
        clock.addAndGet(DELAY / 2);

        assertThat(queue.awaitWork()).isTrue();
        assertThat(queue.take()).hasSize(2);
    }

    @Test
    void countsTheDelayFromTheOldestThatIsLeft() throws Exception {
        queue.add(behind(1), false);
        clock.addAndGet(DELAY);
        assertThat(queue.take()).hasSize(1);

        queue.add(behind(2), false);
        assertWaits();
        clock.addAndGet(DELAY);
        assertThat(queue.awaitWork()).isTrue();
    }

    private void assertWaits() throws Exception {
        var waiting = new FutureTask<>(queue::awaitWork);
        var thread = new Thread(waiting);
        thread.start();
        Eventually.until("waits or ends", () -> waiting.isDone() || thread.getState() == Thread.State.TIMED_WAITING);
        assertThat(waiting).isNotDone();
        thread.interrupt();
        thread.join();
    }

    @Test
    void letsNothingLieThatSomebodyWaitsFor() throws Exception {
        queue.add(behind(1), false);
        queue.add(Shard.barrier(), false);

        assertThat(queue.awaitWork()).isTrue();
    }

    @Test
    void countsTheBytesOfKeys() {
        ShardKey large = ShardKey.of(new byte[1 << 20]);

        assertThat(Write.put(List.of(new Change(large, new byte[1]))).size()).isGreaterThan(1 << 20);
        assertThat(Removal.write(List.of(large)).size()).isGreaterThan(1 << 20);
    }
}
