package io.mutil.server;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a file between the stream they arrive on and the one thread that writes them to the disk: bounded, so that the
 * peer waits for the disk.
 */
final class FileBytes {
    private static final long MAX_HELD = 1 << 20;
    /** A piece counts as no less, since it costs something however little is in it. */
    private static final int LEAST = 1 << 10;

    private final Runnable roomy;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private List<ByteBuf> held = new ArrayList<>();
    private long heldBytes;
    private boolean full;
    private boolean dropping;
    private boolean ended;
    private @Nullable Throwable failure;

    /** @param roomy runs when there is room again after {@link #room} was zero */
    FileBytes(Runnable roomy) {
        this.roomy = roomy;
    }

    /** How many bytes may be put now. */
    int room() {
        lock.lock();
        try {
            full = !dropping && heldBytes >= MAX_HELD;
            return full ? 0 : (int) (dropping ? MAX_HELD : MAX_HELD - heldBytes);
        } finally {
            lock.unlock();
        }
    }

    private static int cost(ByteBuf bytes) {
        return Math.max(LEAST, bytes.readableBytes());
    }

    /** Takes over the caller's reference. */
    void put(ByteBuf bytes) {
        lock.lock();
        try {
            if (!dropping) {
                held.add(bytes);
                heldBytes += cost(bytes);
                changed.signal();
                return;
            }
        } finally {
            lock.unlock();
        }
        bytes.release();
    }

    /** @param failure why nothing more comes; null if all of it has */
    void end(@Nullable Throwable failure) {
        lock.lock();
        try {
            ended = true;
            this.failure = failure;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            drop();
        }
    }

    /** Releases what is there and what will come: nobody writes it. */
    void drop() {
        boolean wasFull;
        lock.lock();
        try {
            dropping = true;
            held.forEach(ByteBuf::release);
            held.clear();
            heldBytes = 0;
            wasFull = full;
            full = false;
        } finally {
            lock.unlock();
        }
        if (wasFull) {
            roomy.run();
        }
    }

    /**
     * Waits for bytes.
     *
     * @return all that are there, in buffers that the caller releases; none if all have come
     * @throws Throwable what {@link #end} was told
     */
    List<ByteBuf> take() throws Throwable {
        List<ByteBuf> bytes;
        boolean wasFull;
        lock.lockInterruptibly();
        try {
            while (held.isEmpty() && !ended) {
                changed.await();
            }
            if (failure != null) {
                throw failure;
            }
            bytes = held;
            held = new ArrayList<>(bytes.size());
            heldBytes = 0;
            wasFull = full;
            full = false;
        } finally {
            lock.unlock();
        }
        if (wasFull) {
            roomy.run();
        }
        return bytes;
    }
}
