package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The sources of a loop, the results that wait, and who waits for results. */
final class ForeverCore<T extends @Nullable Object> {
    static final Duration LONGEST_DELAY = Duration.ofDays(365);
    private static final Duration SHORTEST_DELAY = Duration.ofMillis(1);
    private static final System.Logger LOG = System.getLogger(ForeverLoop.class.getName());

    private final ConcurrentHashMap<String, ForeverSlot<T>> slots = new ConcurrentHashMap<>();
    private final Set<ForeverSubscription<T>> subscriptions = ConcurrentHashMap.newKeySet();
    private final ForeverReady<T> ready = new ForeverReady<>();
    private final ForeverLine line = new ForeverLine();
    private final FailurePolicy policy;
    private final ScheduledExecutorService scheduler;
    private final @Nullable Executor given;
    private final boolean endWhenEmpty;
    private volatile boolean closed;

    private final ReentrantLock starting = new ReentrantLock();
    private volatile @Nullable ExecutorService own;

    ForeverCore(
            FailurePolicy policy, ScheduledExecutorService scheduler, @Nullable Executor given, boolean endWhenEmpty) {
        this.policy = policy;
        this.scheduler = scheduler;
        this.given = given;
        this.endWhenEmpty = endWhenEmpty;
    }

    // sources

    void add(Source<T> source) {
        var slot = new ForeverSlot<>(source, this);
        if (slots.putIfAbsent(source.name(), slot) != null) {
            throw new IllegalArgumentException("a " + source
                    + " is in the loop already; choose another name, or replace or remove the one that is there");
        }
        enter(slot);
    }

    boolean replace(Source<T> source) {
        var slot = new ForeverSlot<>(source, this);
        ForeverSlot<T> before = slots.put(source.name(), slot);
        try {
            if (before != null) {
                end(before);
            }
        } finally {
            enter(slot);
        }
        return before != null;
    }

    private void enter(ForeverSlot<T> slot) {
        if (closed) {
            // close may have looked before it was in
            slots.remove(slot.source().name(), slot);
            var unused = slot.end();
            throw new IllegalStateException("the loop is closed; make another for " + slot.source());
        }
        slot.arm();
    }

    boolean remove(String name) {
        ForeverSlot<T> slot = slots.remove(name);
        if (slot == null) {
            return false;
        }
        try {
            end(slot);
        } finally {
            tellIfOver();
        }
        return true;
    }

    private void end(ForeverSlot<T> slot) {
        if (slot.end()) {
            ready.removedOne(slots.size());
        }
    }

    Set<String> names() {
        return Set.copyOf(slots.keySet());
    }

    // results

    /** A result has come. Any thread. */
    void ready(ForeverSlot<T> slot) {
        ready.push(slot);
        line.wakeOne();
    }

    /** The next result, which is to be settled once it was consumed; null if there is none. */
    @Nullable
    ForeverSlot<T> claim() {
        return ready.claim();
    }

    /** All results that are here; each source at most once, as none is armed again meanwhile by this. */
    List<ForeverSlot<T>> claimAll() {
        return ready.claimAll(slots.size());
    }

    /**
     * Waits for the next result.
     *
     * @param nanos {@link Long#MAX_VALUE} for ever
     * @return null if the time is over, or nothing will come
     */
    @Nullable
    ForeverSlot<T> await(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        ForeverSlot<T> slot = claim();
        return slot != null || isOver() || nanos <= 0 ? slot : sleep(nanos);
    }

    private @Nullable ForeverSlot<T> sleep(long nanos) throws InterruptedException {
        long end = nanos == Long.MAX_VALUE ? 0 : System.nanoTime() + nanos;
        while (true) {
            var sleeper = new ForeverLine.Sleeper();
            line.enter(sleeper);
            boolean woken = false;
            try {
                ForeverSlot<T> slot = claim();
                if (slot != null || isOver()) {
                    return slot;
                }
                woken = sleeper.sleep(this, nanos == Long.MAX_VALUE ? nanos : end - System.nanoTime());
            } finally {
                if (!woken) {
                    line.leave(sleeper);
                }
            }
            ForeverSlot<T> slot = claim();
            if (slot != null || isOver() || !woken) {
                return slot;
            }
        }
    }

    /**
     * Its result was consumed: goes on with the source.
     *
     * @return false if it was removed meanwhile
     */
    boolean settle(ForeverSlot<T> slot, Completion<T> consumed) {
        if (!consumed.isFailure()) {
            return slot.arm();
        }
        if (consumed.retryIn().isPresent()) {
            return slot.rest(consumed.retryIn().get());
        }
        boolean stopped = slot.stop();
        if (stopped) {
            slots.remove(slot.source().name(), slot);
            tellIfOver();
        }
        return stopped;
    }

    /** Results that nobody took, those of removed sources included. For tests. */
    int waiting() {
        return ready.length();
    }

    /** Consumers that wait. For tests. */
    int consumers() {
        return line.length();
    }

    Optional<Duration> retryIn(Source<T> source, Throwable failure, int consecutive) {
        FailurePolicy own = source.policy();
        Optional<Duration> delay;
        try {
            delay = requireNonNull((own == null ? policy : own).delayAfter(failure, consecutive));
        } catch (Throwable e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the failure policy of " + source + " failed; retrying by the default",
                    e);
            delay = ForeverBackOff.DEFAULT.delayAfter(failure, consecutive);
        }
        return delay.map(ForeverCore::withinBounds);
    }

    private static Duration withinBounds(Duration delay) {
        if (delay.compareTo(SHORTEST_DELAY) < 0) {
            return SHORTEST_DELAY;
        }
        return delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
    }

    // the end

    /** Whether nothing will come any more, unless a source is added. */
    boolean isOver() {
        return closed || (endWhenEmpty && slots.isEmpty());
    }

    boolean isClosed() {
        return closed;
    }

    private void tellIfOver() {
        if (isOver()) {
            line.wakeAll();
            subscriptions.forEach(ForeverSubscription::over);
        }
    }

    void close() {
        closed = true;
        Throwable failed = null;
        for (ForeverSlot<T> slot : slots.values()) {
            try {
                if (slots.remove(slot.source().name(), slot)) {
                    end(slot);
                }
            } catch (RuntimeException | Error e) {
                failed = first(failed, e);
            }
        }
        endOwnThreads();
        tellIfOver();
        if (failed instanceof Error error) {
            throw error;
        }
        if (failed != null) {
            throw (RuntimeException) failed;
        }
    }

    private static Throwable first(@Nullable Throwable before, Throwable e) {
        if (before == null) {
            return e;
        }
        if (before != e) {
            before.addSuppressed(e);
        }
        return before;
    }

    // threads

    Executor executor() {
        if (given != null) {
            return given;
        }
        ExecutorService running = own;
        return running == null ? startOwnThreads() : running;
    }

    private ExecutorService startOwnThreads() {
        starting.lock();
        try {
            ExecutorService running = own;
            if (running == null) {
                if (closed) {
                    throw new RejectedExecutionException("the loop is closed");
                }
                running = LoopThreads.forBlocking();
                own = running;
            }
            return running;
        } finally {
            starting.unlock();
        }
    }

    private void endOwnThreads() {
        starting.lock();
        try {
            ExecutorService running = own;
            if (running != null) {
                running.shutdownNow();
            }
        } finally {
            starting.unlock();
        }
    }

    Future<?> schedule(Runnable task, Duration delay) {
        try {
            return scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (Throwable e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the scheduler takes no more back-offs; the default one has them now",
                    e);
            return LoopThreads.timers().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    // subscriptions

    ForeverLine line() {
        return line;
    }

    void enter(ForeverSubscription<T> subscription) {
        subscriptions.add(subscription);
    }

    void leave(ForeverSubscription<T> subscription) {
        subscriptions.remove(subscription);
    }

    ForeverLoopStats stats() {
        int armed = 0;
        int waiting = 0;
        int resting = 0;
        int all = 0;
        for (ForeverSlot<T> slot : slots.values()) {
            all++;
            armed += slot.isArmed() ? 1 : 0;
            waiting += slot.isReady() ? 1 : 0;
            resting += slot.isResting() ? 1 : 0;
        }
        long[] counts = ready.counts();
        return new ForeverLoopStats(all, armed, waiting, resting, counts[0], counts[1]);
    }

    @Override
    public String toString() {
        return (closed ? "closed loop" : "loop") + " of " + slots.size() + " sources";
    }
}
