package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LaneTest {
    @Test
    void ringKeepsOrderAndRefusesWhenFull() {
        var ring = new Ring<Integer>(4);
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 4; i++) {
                assertThat(ring.offer(i)).isTrue();
            }
            assertThat(ring.offer(99)).isFalse();
            for (int i = 0; i < 4; i++) {
                assertThat(ring.isEmpty()).isFalse();
                assertThat(ring.poll()).isEqualTo(i);
            }
            assertThat(ring.poll()).isNull();
            assertThat(ring.isEmpty()).isTrue();
        }

        assertThat(ring.offered()).isEqualTo(40);
        assertThat(ring.polled()).isEqualTo(40);
    }

    @Test
    void ringPassesEverythingInOrderBetweenTwoThreads() {
        int items = 1_000_000;
        var ring = new Ring<Integer>(64);
        var producer = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < items; i++) {
                while (!ring.offer(i)) {
                    Thread.onSpinWait();
                }
            }
        });

        for (int expected = 0; expected < items; expected++) {
            Integer item;
            while ((item = ring.poll()) == null) {
                Thread.onSpinWait();
            }
            if (item != expected) {
                assertThat(item).isEqualTo(expected);
            }
        }

        producer.join();
        assertThat(ring.poll()).isNull();
    }

    @Test
    void lossyLaneDropsItsOldestAndCountsIt() {
        var lane = new LossyLane<Integer>(2);
        for (int i = 1; i <= 5; i++) {
            assertThat(lane.offer(i)).isTrue();
        }

        assertThat(lane.poll()).isEqualTo(4);
        assertThat(lane.poll()).isEqualTo(5);
        assertThat(lane.poll()).isNull();
        assertThat(lane.dropped()).isEqualTo(3);
        assertThat(lane.offered()).isEqualTo(5);
    }

    @Test
    void inboxTakesFromEveryLaneWithinItsBudget() {
        var inbox = new Inbox<Integer>(Edge.blocking(64));
        Lane<Integer> busy = inbox.connect();
        Lane<Integer> quiet = inbox.connect();
        for (int i = 0; i < 64; i++) {
            busy.offer(i);
        }
        quiet.offer(1000);

        boolean[] sawQuiet = {false};
        int[] taken = {0};
        boolean empty = inbox.drain(16, item -> {
            sawQuiet[0] |= item == 1000;
            taken[0]++;
            return true;
        });

        assertThat(empty).isFalse();
        assertThat(inbox.drain(16, item -> {
                    taken[0]++;
                    return false;
                }))
                .as("a refusal ends the turn, whatever the other lanes hold")
                .isFalse();
        assertThat(taken[0]).isLessThanOrEqualTo(17);
        assertThat(sawQuiet[0]).isTrue();
        assertThat(inbox.clear()).isEqualTo(65 - taken[0]);
        assertThat(inbox.isEmpty()).isTrue();
    }
}
