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
    void handsOnOneOfSixteenInALongBurst() {
        LongStream.range(0, 100_000).forEach(this::hit);

        assertThat(handedOn.size()).isBetween(100_000 / 16, 100_000 / 16 + 1_500);
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

    /** There are eight rings for two processors, and the id of a thread tells its ring. */
    private static Thread inRing(int ring, Runnable work) {
        var thread = new Thread(work);
        while ((thread.getId() & 7) != ring) {
            thread = new Thread(work);
        }
        return thread;
    }

    private static void runTogether(List<Thread> threads) throws InterruptedException {
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void threadsWithRingsOfTheirOwnLoseNothing() throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int ring = 0; ring < 4; ring++) {
            long first = ring * 1_000L;
            threads.add(inRing(ring, () -> LongStream.range(first, first + 128).forEach(buffers::record)));
        }

        runTogether(threads);
        buffers.drain();

        assertThat(handedOn)
                .isEqualTo(LongStream.range(0, 4)
                        .flatMap(ring -> LongStream.range(ring * 1_000, ring * 1_000 + 128))
                        .boxed()
                        .toList());
        assertThat(buffers.recorded()).isEqualTo(4 * 128);
    }

    @Test
    void threadsThatShareARingHandOnOnlyWhatTheyRecorded() throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            long first = (i + 1) * 1_000L;
            threads.add(inRing(0, () -> LongStream.range(first, first + 128).forEach(buffers::record)));
        }

        runTogether(threads);
        buffers.drain();

        assertThat(handedOn).hasSizeBetween(1, 128).allMatch(hit -> hit >= 1_000 && hit % 1_000 < 128);
        assertThat(buffers.recorded()).isBetween(1L, 4 * 128L);
    }

    @Test
    void aFullRingTakesNoMoreUntilItIsDrained() throws InterruptedException {
        var taken = new ArrayList<Boolean>();
        runTogether(List.of(inRing(3, () -> LongStream.range(0, 100).forEach(buffers::record))));
        runTogether(List.of(inRing(
                3, () -> LongStream.range(100, 130).forEach(hit -> taken.add(buffers.record(hit))))));
        assertThat(taken.indexOf(false)).isEqualTo(28);
        assertThat(taken.lastIndexOf(true)).isEqualTo(27);

        buffers.drain();
        runTogether(List.of(inRing(3, () -> taken.add(buffers.record(200)))));
        buffers.drain();

        assertThat(taken).endsWith(true);
        assertThat(handedOn)
                .isEqualTo(LongStream.concat(LongStream.range(0, 128), LongStream.of(200))
                        .boxed()
                        .toList());
    }
}
