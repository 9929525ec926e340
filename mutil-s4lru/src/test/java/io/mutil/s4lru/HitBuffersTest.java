package io.mutil.s4lru;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HitBuffersTest {
    private final List<Long> handedOn = new ArrayList<>();
    private final HitBuffers buffers = new HitBuffers(2, handedOn::add);

    private void hit(long hit) {
        if (!buffers.record(hit)) {
            buffers.drainFull(hit);
        }
    }

    @Test
    void handsOnEveryHitInOrder() {
        LongStream.range(0, 1_000).forEach(this::hit);
        buffers.drain();

        assertThat(handedOn).isEqualTo(LongStream.range(0, 1_000).boxed().toList());
        assertThat(buffers.recorded()).isEqualTo(1_000);
    }

    @Test
    void handsOnOneOfEightInALongBurst() {
        LongStream.range(0, 100_000).forEach(this::hit);

        assertThat(handedOn.size()).isBetween(100_000 / 8, 100_000 / 8 + 1_500);
        assertThat(handedOn).isSorted();
        assertThat(buffers.recorded()).isEqualTo(100_000);
        // whatever the rhythm, all have their turn
        assertThat(handedOn.stream().map(hit -> hit % 8).distinct()).hasSize(8);
    }

    @Test
    void aBurstEndsWhenSomethingElseHappens() {
        LongStream.range(0, 100_000).forEach(this::hit);
        buffers.drain();
        handedOn.clear();

        LongStream.range(0, 1_000).forEach(this::hit);
        buffers.drain();

        assertThat(handedOn).hasSize(1_000);
    }

    @Test
    void threadsLoseOnlyWhatCollides() throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            long first = i * 1_000_000L;
            threads.add(new Thread(() -> LongStream.range(first, first + 100).forEach(buffers::record)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        buffers.drain();

        assertThat(handedOn).hasSizeBetween(100, 400).allMatch(hit -> hit % 1_000_000 < 100);
    }
}
