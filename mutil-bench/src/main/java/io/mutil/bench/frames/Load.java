package io.mutil.bench.frames;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Sends frames one by one in bursts, each of which has to be delivered before the next one begins. */
final class Load {
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** So many bytes between two looks at the clock. */
    private static final int STRIDE_BYTES = 16 << 10;

    private final Frames frames;
    private final Receipt receipt;
    private final OneWay line;
    private final int stride;
    private long sent;

    Load(int payload, OneWay.Opening opening) throws IOException, InterruptedException {
        frames = new Frames(payload);
        receipt = new Receipt(payload);
        line = opening.open(receipt);
        stride = Math.max(1, STRIDE_BYTES / payload);
    }

    /** Sends for a tenth of a second and waits until all came; returns how many. */
    long burst() throws IOException, InterruptedException {
        long before = sent;
        long end = System.nanoTime() + BURST_NANOS;
        do {
            for (int i = 0; i < stride; i++) {
                line.send(frames.get(sent));
                sent++;
            }
        } while (System.nanoTime() - end < 0);
        line.flush();
        receipt.await(sent);
        return sent - before;
    }

    void close() throws IOException, InterruptedException {
        line.close();
    }
}
