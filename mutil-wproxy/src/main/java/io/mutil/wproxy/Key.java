package io.mutil.wproxy;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A key that somebody subscribes to, or did a moment ago. There is one object for a name at a time, and one without a name
 * for everything that the upstream sends.
 *
 * <p>Each group of fields belongs to one thread, or says what guards it.
 */
final class Key {
    private final @Nullable String name;
    private final @Nullable PerLoop[] byLoop;

    /** Under the lock of the {@link History}. */
    private final ArrayDeque<History.Kept> history = new ArrayDeque<>(0);

    /** How many subscribers hold it. Changed under the lock of the {@link Ledger}. */
    private volatile int holders;

    /** Offset before the first message. */
    private final long origin;

    /** Of the last message; belongs to whoever puts batches together. */
    private long offset;

    // of the upstream's loop: whether the upstream has been asked for it, and whether the ledger knows it no more
    private boolean told;
    private boolean forgotten;
    private final AtomicBoolean queued = new AtomicBoolean();

    /** What one event loop knows of a key, and confined to it. */
    static final class PerLoop {
        /** Those that have other keys too, or everything. */
        private final Subscribers subscribers = new Subscribers();

        /** Those that have this key and nothing else, and so get the same. */
        private final Subscribers alike = new Subscribers();

        /** What all of them get of the batches that are being delivered. */
        private final Runs runs = new Runs();

        private long base;
        private long delivered;
        private @Nullable Element last;

        Subscribers subscribers() {
            return subscribers;
        }

        Subscribers alike() {
            return alike;
        }

        Runs runs() {
            return runs;
        }

        /** Behind this offset nothing is missing but what the proxy knows of. */
        long base() {
            return base;
        }

        void breakOff(long offset) {
            base = offset;
            delivered = offset;
        }

        /** Messages are missing whose number is known. */
        void skipTo(long offset) {
            delivered = offset;
        }

        /** Offset of the last message that this loop has delivered. */
        long delivered() {
            return delivered;
        }

        /** The last message that this loop has delivered, if such are kept. */
        @Nullable
        Element last() {
            return last;
        }

        void delivered(long offset, @Nullable Element message) {
            delivered = offset;
            last = message;
        }
    }

    Key(@Nullable String name, int loops, long origin) {
        this.name = name;
        this.byLoop = new PerLoop[loops];
        this.origin = origin;
        this.offset = origin;
    }

    /** Null stands for everything. */
    @Nullable
    String name() {
        return name;
    }

    boolean isEverything() {
        return name == null;
    }

    /** What this loop knows; null if it has never had to do with the key. */
    @Nullable
    PerLoop at(int loop) {
        return byLoop[loop];
    }

    PerLoop join(int loop) {
        PerLoop own = byLoop[loop];
        if (own == null) {
            own = new PerLoop();
            own.breakOff(origin);
            byLoop[loop] = own;
        }
        return own;
    }

    boolean isHeld() {
        return holders > 0;
    }

    /** True if nobody did before. Under the lock of the ledger. */
    boolean hold() {
        int before = holders;
        holders = before + 1;
        return before == 0;
    }

    /** True if nobody does any more. Under the lock of the ledger. */
    boolean letGo() {
        int after = holders - 1;
        holders = after;
        return after == 0;
    }

    /** Of the next message. */
    long nextOffset() {
        return ++offset;
    }

    /** Leaves offsets out; the last of them. */
    long skip(long count) {
        offset += count;
        return offset;
    }

    /** What is kept of it, the oldest first. */
    ArrayDeque<History.Kept> history() {
        return history;
    }

    boolean isTold() {
        return told;
    }

    void told(boolean now) {
        told = now;
    }

    boolean isForgotten() {
        return forgotten;
    }

    void forget() {
        forgotten = true;
    }

    /** True if it does not wait already to be looked at. */
    boolean queue() {
        return !queued.getAndSet(true);
    }

    void unqueue() {
        queued.set(false);
    }

    @Override
    public String toString() {
        return "Key[" + (name == null ? "everything" : name) + ", held by " + holders + "]";
    }
}
