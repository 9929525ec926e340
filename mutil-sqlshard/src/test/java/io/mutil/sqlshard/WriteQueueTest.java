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
    private static final Durability BEHIND = Durability.behind(Duration.ofHours(1));
    private static final long DELAY = BEHIND.delayNanos();

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - DELAY / 4);
    private final WriteQueue queue = new WriteQueue(Path.of("none"), 10, BEHIND, clock::get);

    private static Write<?> behind(int key) {
        return Write.put(List.of(new Change(ShardKey.of(key), new byte[1]))).markBehind();
    }

    @Test
    void letsNothingLieForLongerThanTheDelay() throws Exception {
        queue.add(behind(1));
        clock.addAndGet(DELAY / 2);
        queue.add(behind(2));
        clock.addAndGet(DELAY / 2);

        assertThat(queue.awaitWork()).isTrue();
        assertThat(queue.take()).hasSize(2);
    }

    @Test
    void countsTheDelayFromTheOldestThatIsLeft() throws Exception {
        queue.add(behind(1));
        clock.addAndGet(DELAY);
        assertThat(queue.take()).hasSize(1);

        queue.add(behind(2));
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
        queue.add(behind(1));
        queue.add(Shard.barrier());

        assertThat(queue.awaitWork()).isTrue();
    }

    @Test
    void aFutureThatComesAloneDoesNotWait() throws Exception {
        var group = new WriteQueue(Path.of("none"), 1000, Durability.group(), clock::get);

        for (int i = 0; i < 3; i++) {
            group.add(promised(i));
            assertThat(group.isDue()).isTrue();
            assertThat(group.take()).hasSize(1);
        }
    }

    @Test
    void futuresOfABurstWaitForEachOther() throws Exception {
        var group = new WriteQueue(Path.of("none"), 1000, Durability.group(), clock::get);
        group.add(promised(0));
        group.add(promised(1));
        assertThat(group.take()).hasSize(2);

        for (int i = 0; i < 255; i++) {
            group.add(promised(i));
            assertThat(group.isDue()).isFalse();
        }
        group.add(promised(255));
        assertThat(group.isDue()).isTrue();
        assertThat(group.take()).hasSize(256);

        group.add(promised(0));
        group.add(Shard.barrier());
        assertThat(group.isDue()).isTrue();
    }

    private static Write<?> promised(int key) {
        Write<?> write = Write.put(List.of(new Change(ShardKey.of(key), new byte[1])));
        var unused = write.asFuture();
        return write;
    }

    @Test
    void countsTheBytesOfKeys() {
        ShardKey large = ShardKey.of(new byte[1 << 20]);

        assertThat(Write.put(List.of(new Change(large, new byte[1]))).size()).isGreaterThan(1 << 20);
        assertThat(Removal.write(List.of(large)).size()).isGreaterThan(1 << 20);
    }
}
