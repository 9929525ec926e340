package io.mutil.wproxy;

import io.mutil.server.PreparedBatch;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber gets of several batches, or all that get the same, in order: runs of messages that lie side by side. Used
 * again and again.
 */
final class Runs {
    private @Nullable Batch[] batches = new Batch[2];
    private @Nullable Messages[] messages = new Messages[2];
    private int[] ranges = new int[4];
    private int size;
    private int count;
    private long bytes;
    private @Nullable PreparedBatch together;

    void add(Batch batch, Messages of, int from, int to) {
        count += to - from;
        bytes += of.frameBytes(from, to);
        if (size > 0 && messages[size - 1] == of && ranges[2 * size - 1] == from) {
            ranges[2 * size - 1] = to;
            return;
        }
        if (size == batches.length) {
            batches = Arrays.copyOf(batches, 2 * size);
            messages = Arrays.copyOf(messages, 2 * size);
            ranges = Arrays.copyOf(ranges, 4 * size);
        }
        batches[size] = batch;
        messages[size] = of;
        ranges[2 * size] = from;
        ranges[2 * size + 1] = to;
        size++;
    }

    /** How many runs. */
    int size() {
        return size;
    }

    /** How many messages, all runs together. */
    int count() {
        return count;
    }

    @SuppressWarnings("NullAway") // below size there is no null
    Batch batch(int run) {
        return batches[run];
    }

    @SuppressWarnings("NullAway") // below size there is no null
    Messages messages(int run) {
        return messages[run];
    }

    int from(int run) {
        return ranges[2 * run];
    }

    int to(int run) {
        return ranges[2 * run + 1];
    }

    int count(int run) {
        return to(run) - from(run);
    }

    /**
     * All messages as one batch, copied; made once for all that get the same. It belongs to this object.
     */
    PreparedBatch together(ByteBufAllocator allocator) {
        PreparedBatch made = together;
        if (made == null) {
            made = new PreparedBatch(allocator, (int) bytes);
            for (int run = 0; run < size; run++) {
                made.addAll(messages(run).frames(), from(run), to(run));
            }
            together = made;
        }
        return made;
    }

    /** Of all frames. */
    long bytes() {
        return bytes;
    }

    void clear() {
        if (together != null) {
            together.release();
            together = null;
        }
        Arrays.fill(batches, 0, size, null);
        Arrays.fill(messages, 0, size, null);
        size = 0;
        count = 0;
        bytes = 0;
    }
}
