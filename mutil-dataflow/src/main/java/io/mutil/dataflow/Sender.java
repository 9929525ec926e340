package io.mutil.dataflow;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One sender and its lanes to every receiver of the next level; used by one thread at a time. */
final class Sender<T> implements Outlet<T> {
    private final Target<T>[] targets;
    private final @Nullable Lane<T>[] lanes;
    private final @Nullable Key<? super T> key;
    private final boolean toAllByDefault;
    private final FlowContext context;
    private final int home;
    private int next;

    /**
     * A sender to the workers of a level.
     *
     * @param first its place among the senders, where its turn starts so that many do not march in step
     */
    static <T> Sender<T> toWorkers(
            List<Target<T>> targets, @Nullable Key<? super T> key, int first, FlowContext context) {
        return new Sender<>(targets, key, false, first, context);
    }

    /** A sender to egresses. */
    static <T> Sender<T> toEgresses(List<Target<T>> targets, FlowContext context) {
        return new Sender<>(targets, null, true, 0, context);
    }

    @SuppressWarnings("unchecked")
    private Sender(
            List<Target<T>> targets,
            @Nullable Key<? super T> key,
            boolean toAllByDefault,
            int first,
            FlowContext context) {
        this.targets = (Target<T>[]) targets.toArray(new Target<?>[0]);
        this.lanes = (Lane<T>[]) new Lane<?>[targets.size()];
        this.key = key;
        this.toAllByDefault = toAllByDefault;
        this.context = context;
        this.home = first % targets.size();
        this.next = home;
    }

    @Override
    public void send(T item) {
        if (toAllByDefault) {
            toAll(item);
        } else {
            put(choose(item), item);
        }
    }

    @Override
    public void toAll(T item) {
        EdgeFullException full = null;
        for (int i = 0; i < targets.length; i++) {
            try {
                put(i, item);
            } catch (EdgeFullException e) {
                // The other receivers get it all the same.
                full = e;
            }
        }
        if (full != null) {
            throw full;
        }
    }

    @Override
    public void byKey(Object key, T item) {
        put(indexOf(key), item);
    }

    @Override
    public void roundRobin(T item) {
        put(takeTurn(), item);
    }

    @Override
    public void toIndex(int index, T item) {
        put(Objects.checkIndex(index, targets.length), item);
    }

    @Override
    public int width() {
        return targets.length;
    }

    /** Whether {@link #send} means every receiver. */
    boolean sendsToAll() {
        return toAllByDefault;
    }

    /** Counts that the sender found the receiver's lane full and waits. */
    void countBlocked(int index) {
        lane(index).countBlocked();
    }

    /** Counts the end of such a wait. */
    void countReleased(int index) {
        lane(index).countReleased();
    }

    /** The one receiver that {@link #send} means for this item. */
    int choose(T item) {
        if (key == null) {
            return takeTurn();
        }
        return key instanceof SenderKey ? home : indexOf(key.of(item));
    }

    /**
     * Sends without ever waiting.
     *
     * @return null if that is done, else the receiver to wait for before trying again
     */
    @Nullable
    Task tryPut(int index, T item) {
        Target<T> target = targets[index];
        Lane<T> lane = lane(index);
        if (!accepts(target, lane, item) || offer(target, lane, item)) {
            return null;
        }
        if (context.isAborted()) {
            context.countLost(1);
            return null;
        }
        return target.task();
    }

    private void put(int index, T item) {
        Objects.requireNonNull(item, "item");
        Target<T> target = targets[index];
        Lane<T> lane = lane(index);
        if (accepts(target, lane, item) && !offer(target, lane, item)) {
            block(target, lane, item);
        }
    }

    private boolean accepts(Target<T> target, Lane<T> lane, T item) {
        Filter<? super T> filter = target.filter();
        if (filter == null) {
            return true;
        }
        try {
            if (filter.test(item)) {
                return true;
            }
            lane.countFiltered();
        } catch (RuntimeException | Error e) {
            target.failures().add(item, e);
        }
        return false;
    }

    /** False only for a full edge that blocks. */
    private boolean offer(Target<T> target, Lane<T> lane, T item) {
        if (lane.offer(item)) {
            notify(target.task());
            return true;
        }
        return switch (target.inbox().edge().whenFull()) {
            case BLOCK -> false;
            case FAIL -> {
                lane.countDropped();
                throw new EdgeFullException(target.name(), target.inbox().edge().capacity());
            }
            case DROP_NEWEST, DROP_OLDEST -> {
                lane.countDropped();
                yield true;
            }
        };
    }

    /** Sees to it that the receiver of what was just queued will run. */
    private static void notify(Task task) {
        // Pairs with the fence of a task that goes idle: one of the two sees what the other did.
        VarHandle.fullFence();
        task.signal();
    }

    private void block(Target<T> target, Lane<T> lane, T item) {
        lane.countBlocked();
        Task task = target.task();
        Waiter waiter = null;
        while (!lane.offer(item)) {
            if (context.isAborted()) {
                context.countLost(1);
                lane.countReleased();
                return;
            }
            if (task.help()) {
                continue;
            }
            if (waiter == null) {
                // From here on nothing is missed, so look once more before waiting.
                waiter = new Waiter(Thread.currentThread());
                task.await(waiter);
            } else {
                waiter.park(context);
                waiter = null;
            }
        }
        lane.countReleased();
        notify(task);
    }

    private int indexOf(Object key) {
        // Fibonacci hashing: consecutive hash codes spread, and the high bits choose.
        int spread = key.hashCode() * 0x9E3779B9;
        return (int) (((spread & 0xFFFFFFFFL) * targets.length) >>> 32);
    }

    private int takeTurn() {
        int turn = next;
        next = turn + 1 == targets.length ? 0 : turn + 1;
        return turn;
    }

    private Lane<T> lane(int index) {
        Lane<T> lane = lanes[index];
        if (lane == null) {
            lane = targets[index].inbox().connect();
            lanes[index] = lane;
        }
        return lane;
    }

    private static final class Waiter implements Runnable {
        private final Thread thread;
        private volatile boolean woken;

        Waiter(Thread thread) {
            this.thread = thread;
        }

        @Override
        public void run() {
            woken = true;
            LockSupport.unpark(thread);
        }

        void park(FlowContext context) {
            boolean interrupted = false;
            while (!woken && !context.isAborted()) {
                context.timer().park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                thread.interrupt();
            }
        }
    }
}
