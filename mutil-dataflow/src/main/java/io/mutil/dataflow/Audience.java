package io.mutil.dataflow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The peers of an egress. Lives on their event loop, which is one for all of them. */
final class Audience<M> {
    private final SlowReader slowReaders;
    private final Wire<M> wire;
    private final List<Member<M>> members = new ArrayList<>();
    private final List<Member<M>> owed = new ArrayList<>();
    private final LongAdder skipped = new LongAdder();
    private volatile int size;
    private @Nullable M pending;

    Audience(SlowReader slowReaders, Wire<M> wire) {
        this.slowReaders = slowReaders;
        this.wire = wire;
    }

    void add(Member<M> member) {
        members.add(member);
        size = members.size();
    }

    void remove(Member<M> member) {
        members.remove(member);
        size = members.size();
    }

    /** True if nobody is there who could get a message; one that has begun to close no longer is. */
    boolean isEmpty() {
        for (Member<M> member : members) {
            if (member.isOpen()) {
                return false;
            }
        }
        return true;
    }

    /** True while a message still has to go to a peer without room. */
    boolean isWaiting() {
        return pending != null;
    }

    /** Sends a message to everybody; false if it has to wait for somebody. */
    boolean offer(M message) {
        if (pending != null) {
            throw new IllegalStateException("a message is waiting already");
        }
        for (Member<M> member : members) {
            // One that has begun to close is no peer any more: a WebSocket misses nothing then, a framed connection
            // counts by itself.
            boolean open = member.isOpen();
            if (!member.offer(message) && open) {
                offerSlow(member, message);
            }
        }
        if (owed.isEmpty()) {
            return true;
        }
        wire.retain(message);
        pending = message;
        flush();
        owed.forEach(Member::awaitRoom);
        return false;
    }

    private void offerSlow(Member<M> member, M message) {
        // The queue may be full only because this turn has not flushed yet.
        member.flush();
        if (member.offer(message)) {
            return;
        }
        if (!member.isOpen()) {
            skipped.increment();
            return;
        }
        switch (slowReaders) {
            case WAIT -> owed.add(member);
            case SKIP -> skipped.increment();
            case DISCONNECT -> {
                skipped.increment();
                member.closeSlow();
            }
        }
    }

    /** Tries the waiting message again; true if it waits no more. */
    boolean retry() {
        M message = pending;
        if (message == null) {
            return true;
        }
        owed.removeIf(member -> isSettled(member, message));
        flush();
        if (!owed.isEmpty()) {
            owed.forEach(Member::awaitRoom);
            return false;
        }
        giveUp();
        return true;
    }

    private boolean isSettled(Member<M> member, M message) {
        if (member.offer(message)) {
            return true;
        }
        if (member.isOpen()) {
            return false;
        }
        skipped.increment();
        return true;
    }

    /** Lets the waiting message go; who still waits for it misses it. */
    void giveUp() {
        skipped.add(owed.size());
        owed.clear();
        if (pending != null) {
            wire.release(pending);
            pending = null;
        }
    }

    /** Gives up the reference of who made a message. */
    void release(M message) {
        wire.release(message);
    }

    void flush() {
        for (Member<M> member : members) {
            member.flush();
        }
    }

    /** How many peers there are; may be asked by any thread. */
    int size() {
        return size;
    }

    /** Messages that peers missed because they were slow; may be asked by any thread. */
    long skipped() {
        return skipped.sum();
    }
}
