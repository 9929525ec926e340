package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutboundQueueTest {
    private final OutboundQueue queue = new OutboundQueue(100);

    @Test
    void admitsUpToTheBound() {
        assertThat(queue.tryAdd(60)).isTrue();
        assertThat(queue.tryAdd(41)).isFalse();
        assertThat(queue.tryAdd(40)).isTrue();
        assertThat(queue.hasRoom()).isFalse();
        assertThat(queue.queued()).isEqualTo(100);
    }

    @Test
    void admitsALargerMessageWhenEmpty() {
        assertThat(queue.tryAdd(1000)).isTrue();
        assertThat(queue.tryAdd(1)).isFalse();
    }

    @Test
    void signalsAtHalfAfterARefusal() {
        queue.tryAdd(50);
        queue.tryAdd(50);
        assertThat(queue.refused(10)).isFalse();

        assertThat(queue.remove(40)).isFalse();
        assertThat(queue.remove(10)).isTrue();
        assertThat(queue.remove(50)).isFalse();
    }

    @Test
    void signalsLaterForALargeMessage() {
        queue.tryAdd(60);
        queue.tryAdd(30);
        assertThat(queue.refused(80)).isFalse();

        assertThat(queue.remove(60)).isFalse();
        assertThat(queue.remove(10)).isTrue();
    }

    @Test
    void tellsTheRefusedAtOnceIfTheQueueHasDrainedMeanwhile() {
        assertThat(queue.refused(10)).isTrue();
    }

    @Test
    void doesNotSignalWithoutARefusal() {
        queue.tryAdd(100);

        assertThat(queue.remove(100)).isFalse();
    }

    @Test
    void signalCompletesTheRoomTakenBefore() {
        var room = queue.room();

        queue.signal();

        assertThat(room).isDone();
        assertThat(queue.room()).isNotDone();
    }
}
