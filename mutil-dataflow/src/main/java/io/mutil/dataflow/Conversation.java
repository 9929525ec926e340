package io.mutil.dataflow;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One peer of an ingress, and those of its items that wait for room. Lives on one event loop.
 *
 * <p>The peer is not read from while items wait, so no more wait than its last network read held.
 */
final class Conversation<T> {
    private static final int UNDECIDED = -1;

    private final Origin origin;
    private final Sender<T> sender;
    private final Failures<T> failures;
    private final Runnable onRoom;
    private final ArrayDeque<List<T>> backlog = new ArrayDeque<>();
    private int position;
    private int target = UNDECIDED;
    private int blockedAt = UNDECIDED;
    private int refused;
    private boolean waiting;
    private boolean stopped;

    /**
     * Keeps what it is given.
     *
     * @param onRoom called on any thread when {@link #deliver} should be tried again
     * @param waiting whether nothing may be handed on before the first {@link #deliver}
     */
    Conversation(Origin origin, Sender<T> sender, Failures<T> failures, Runnable onRoom, boolean waiting) {
        this.origin = origin;
        this.sender = sender;
        this.failures = failures;
        this.onRoom = onRoom;
        this.waiting = waiting;
    }

    /** Begins to read, unless it has to wait. */
    void begin() {
        if (waiting) {
            origin.pause();
        } else {
            origin.resume();
        }
    }

    /** Takes the items of one message and hands them on as far as there is room. */
    void accept(List<T> items) {
        backlog.add(items);
        if (!waiting) {
            deliver();
        }
    }

    /** True while items wait for room. */
    boolean isWaiting() {
        return waiting;
    }

    /** Hands on what waits, as far as there is room. */
    void deliver() {
        if (blockedAt != UNDECIDED) {
            sender.countReleased(blockedAt);
            blockedAt = UNDECIDED;
        }
        Task awaited = null;
        Task full;
        while ((full = push()) != null) {
            if (full == awaited) {
                pause();
                return;
            }
            // From here on no room is missed, so look once more before waiting.
            full.await(onRoom);
            awaited = full;
        }
        if (waiting) {
            waiting = false;
            if (!stopped) {
                origin.resume();
            }
        }
    }

    /** Reads no more; what waits can still be handed on. */
    void stop() {
        stopped = true;
        origin.pause();
    }

    private void pause() {
        sender.countBlocked(target);
        blockedAt = target;
        if (!waiting) {
            waiting = true;
            origin.pause();
        }
    }

    /** Hands on all that waits, or returns the receiver that has no room. */
    private @Nullable Task push() {
        List<T> items;
        while ((items = backlog.peek()) != null) {
            for (; position < items.size(); position++) {
                Task full = push(items.get(position));
                if (full != null) {
                    return full;
                }
            }
            finish(items.size());
        }
        return null;
    }

    private void finish(int items) {
        backlog.remove();
        position = 0;
        if (refused > 0) {
            origin.refused(refused, items);
            refused = 0;
        }
    }

    private @Nullable Task push(T item) {
        if (target == UNDECIDED) {
            try {
                target = sender.sendsToAll() ? 0 : sender.choose(item);
            } catch (RuntimeException | Error e) {
                failures.add(item, e);
                return null;
            }
        }
        int last = sender.sendsToAll() ? sender.width() - 1 : target;
        for (; target <= last; target++) {
            Task full = tryPut(item);
            if (full != null) {
                return full;
            }
        }
        target = UNDECIDED;
        return null;
    }

    private @Nullable Task tryPut(T item) {
        try {
            return sender.tryPut(target, item);
        } catch (EdgeFullException e) {
            refused++;
            return null;
        }
    }
}
