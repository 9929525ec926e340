package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.server.Backoff;
import io.mutil.server.CloseReason;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a level that connects when its connection ends or cannot be made. For any thread. */
final class Outages {
    private final FlowContext context;
    private final String level;
    private final Supervision supervision;
    private final ReentrantLock lock = new ReentrantLock();
    private final RestartWindow window;
    private final AtomicInteger connects = new AtomicInteger();
    private volatile boolean stopped;

    Outages(FlowContext context, String level, @Nullable Supervision supervision) {
        this.context = context;
        this.level = level;
        this.supervision = supervision == null ? Supervision.skip() : supervision;
        this.window = new RestartWindow(this.supervision);
    }

    /** How long to wait before a new connection; null if the supervision does not say. */
    @Nullable
    Backoff backoff() {
        return supervision.action() == Supervision.Action.RESTART
                ? new Backoff(supervision.initial(), supervision.max(), Backoff.DEFAULT.healthyAfter())
                : null;
    }

    void connected() {
        connects.incrementAndGet();
    }

    /** How often a connection took the place of one that had ended. */
    int restarts() {
        return Math.max(0, connects.get() - 1);
    }

    /** A connection has ended, whoever ended it. */
    void ended(String address, CloseReason why) {
        String limit = limit();
        if (limit != null) {
            stop("the connection of '" + level + "' to " + address + " ended (" + why + ")", limit, null);
        }
    }

    /** A connection could not be made. */
    void failed(String address, Throwable why) {
        if (supervision.action() == Supervision.Action.STOP) {
            stop("'" + level + "' could not connect to " + address, "its supervision is to stop", why);
        }
    }

    /** Why there may be no further connection, if there may be none. */
    private @Nullable String limit() {
        return switch (supervision.action()) {
            case SKIP -> null;
            case STOP -> "its supervision is to stop";
            case RESTART -> limitOfRestarts();
        };
    }

    private @Nullable String limitOfRestarts() {
        lock.lock();
        try {
            return window.next(context.timer().nanoTime()) == null ? window.limit() : null;
        } finally {
            lock.unlock();
        }
    }

    private void stop(String what, String why, @Nullable Throwable cause) {
        if (!stopped) {
            context.fail(new IllegalStateException(what + ", which ends the topology, since " + why, cause));
        }
    }

    /** What ends from now on is meant to. */
    void stop() {
        stopped = true;
    }

    static void refuseIf(boolean listens, Supervision supervision) {
        requireNonNull(supervision, "supervision");
        if (listens) {
            throw new IllegalStateException("this level listens: its clients come and go, and none of them ends it;"
                    + " supervise is for levels that connect");
        }
    }
}
