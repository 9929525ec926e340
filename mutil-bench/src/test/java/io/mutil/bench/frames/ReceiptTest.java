package io.mutil.bench.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ReceiptTest {
    private static final int LENGTH = 3;

    private final Frames frames = new Frames(LENGTH);
    private final Receipt receipt = new Receipt(LENGTH);

    @Test
    void takesEveryFormOfAFrameInTheOrderItWasSent() throws InterruptedException {
        receipt.accept(frames.get(0).direct());
        receipt.accept(frames.get(1).bytes());
        receipt.accept(Unpooled.wrappedBuffer(frames.get(2).bytes()));

        receipt.await(3);

        assertThat(receipt.count()).isEqualTo(3);
    }

    @Test
    void findsAFrameOutOfOrder() {
        receipt.accept(frames.get(1).bytes());

        assertThatThrownBy(() -> receipt.await(1)).hasRootCauseMessage(wrong(0, LENGTH));
    }

    @Test
    void findsAnotherLength() {
        receipt.accept(ByteBuffer.allocate(0));

        assertThatThrownBy(() -> receipt.await(1)).hasRootCauseMessage(wrong(0, 0));
    }

    private static String wrong(int n, int bytes) {
        return "frame " + n + " is not the one that was sent then: " + bytes + " bytes instead of " + LENGTH
                + ", or other bytes; the contestant is wrong, its speed means nothing";
    }

    @Test
    void findsAFrameTooMany() {
        receipt.accept(frames.get(0).bytes());
        receipt.accept(frames.get(1).bytes());

        assertThatThrownBy(() -> receipt.await(1)).hasMessageContaining("2 frames came, but only 1");
    }

    @Test
    void saysWhyTheContestantGaveUp() {
        receipt.fail(new IllegalStateException("broken"));

        assertThatThrownBy(() -> receipt.await(1)).hasRootCauseMessage("broken");
    }
}
