package io.mutil.wproxy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The last messages of all keys together, within bounds. Safe for many threads. */
final class History {
    private final ReentrantLock lock = new ReentrantLock();
    private final int maxMessages;
    private final long maxBytes;
    private final ArrayDeque<Kept> all = new ArrayDeque<>();
    private long bytes;

    private long count;

    /**
     * A message.
     *
     * @param offset for its key
     * @param order among all messages
     */
    record Kept(Key key, long offset, long order, Element message) {}

    History(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    void add(Key key, long offset, Element message) {
        lock.lock();
        try {
            var kept = new Kept(key, offset, count++, message);
            all.add(kept);
            key.history().add(kept);
            bytes += message.bytes();
            while (all.size() > maxMessages || (bytes > maxBytes && all.size() > 1)) {
                Kept oldest = all.remove();
                oldest.key().history().remove();
                bytes -= oldest.message().bytes();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is kept of a key behind an offset and up to another: the newest that are within limits, the oldest of them first.
     */
    List<Kept> since(Key key, long after, long upTo, QueueLimits limits) {
        var result = new ArrayList<Kept>();
        long size = 0;
        lock.lock();
        try {
            var newestFirst = key.history().descendingIterator();
            while (newestFirst.hasNext()) {
                Kept kept = newestFirst.next();
                size += kept.offset() <= upTo ? kept.message().bytes() : 0;
                if (kept.offset() <= after || result.size() == limits.messages() || size > limits.bytes()) {
                    break;
                }
                if (kept.offset() <= upTo) {
                    result.add(kept);
                }
            }
        } finally {
            lock.unlock();
        }
        Collections.reverse(result);
        return result;
    }

    int size() {
        lock.lock();
        try {
            return all.size();
        } finally {
            lock.unlock();
        }
    }
}
