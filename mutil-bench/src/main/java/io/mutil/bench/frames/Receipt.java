package io.mutil.bench.frames;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The consumer: is handed every frame, in whatever form the contestant hands it out, checks length, first and last byte,
 * and counts. One thread at a time hands frames over.
 */
final class Receipt {
    private static final long POLL_NANOS = 20_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final int length;
    private long accepted;
    private final AtomicLong count = new AtomicLong();
    private volatile @Nullable Throwable failure;

    Receipt(int length) {
        this.length = length;
    }

    void accept(ByteBuffer frame) {
        int first = frame.position();
        int end = frame.limit();
        accept(end - first, end == first ? 0 : frame.get(first), end == first ? 0 : frame.get(end - 1));
    }

    void accept(ByteBuf frame) {
        int first = frame.readerIndex();
        int end = frame.writerIndex();
        accept(end - first, end == first ? 0 : frame.getByte(first), end == first ? 0 : frame.getByte(end - 1));
    }

    void accept(byte[] frame) {
        int end = frame.length;
        accept(end, end == 0 ? 0 : frame[0], end == 0 ? 0 : frame[end - 1]);
    }

    private void accept(int bytes, byte first, byte last) {
        long n = accepted;
        if (bytes != length || first != Frames.first(n) || last != Frames.last(n)) {
            fail(new IllegalStateException(
                    "frame " + n + " is not the one that was sent then: " + bytes + " bytes instead of " + length
                            + ", or other bytes; the contestant is wrong, its speed means nothing"));
        }
        accepted = n + 1;
        count.lazySet(n + 1);
    }

    /** Ends the run: whoever waits gets the cause. The first cause counts. */
    void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** How many frames came. */
    long count() {
        return count.getAcquire();
    }

    /** Fails if a frame was wrong or the contestant gave up. */
    void check() {
        Throwable cause = failure;
        if (cause != null) {
            throw new IllegalStateException("contestant failed", cause);
        }
    }

    /** Waits until as many frames came as were sent, without taking much of a processor from those who bring them. */
    void await(long sent) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (count() < sent) {
            check();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("only " + count() + " of " + sent + " frames came; the rest is lost");
            }
            LockSupport.parkNanos(this, POLL_NANOS);
        }
        check();
        if (count() > sent) {
            throw new IllegalStateException(count() + " frames came, but only " + sent + " were sent");
        }
    }
}
