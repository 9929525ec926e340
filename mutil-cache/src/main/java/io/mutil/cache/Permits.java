package io.mutil.cache;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** How many may fetch at a time; others wait in the order in which they came. */
final class Permits {
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Ticket> waiting = new LinkedHashSet<>();
    private int free;

    Permits(int permits) {
        this.free = permits;
    }

    /** @param granted runs once, here or in the thread of one that releases; never after the ticket was released */
    Ticket acquire(Runnable granted) {
        var ticket = new Ticket(granted);
        lock.lock();
        try {
            if (free == 0) {
                waiting.add(ticket);
                return ticket;
            }
            free--;
            ticket.holds = true;
        } finally {
            lock.unlock();
        }
        granted.run();
        return ticket;
    }

    /** A place in the queue, then a permit. */
    final class Ticket {
        private final Runnable granted;
        private boolean holds;

        private Ticket(Runnable granted) {
            this.granted = granted;
        }

        /** Gives it back, or up; a second time does nothing. */
        void release() {
            Ticket next = leave();
            if (next != null) {
                next.granted.run();
            }
        }

        private @Nullable Ticket leave() {
            lock.lock();
            try {
                if (!holds) {
                    waiting.remove(this);
                    return null;
                }
                holds = false;
                Iterator<Ticket> queue = waiting.iterator();
                if (!queue.hasNext()) {
                    free++;
                    return null;
                }
                Ticket next = queue.next();
                queue.remove();
                next.holds = true;
                return next;
            } finally {
                lock.unlock();
            }
        }
    }
}
