package io.mutil.ratelimit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Those for whom a store is asked, in order of arrival: only for the first, and one question at a time.
 *
 * <p>Everything outside happens without the lock, in {@link Steps}: questions, and what sets and stops timers.
 */
final class StoreLine implements Door {
    /** An answer that takes longer is none. */
    static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private static final long NOT_SAID = Long.MIN_VALUE;

    private final StoreClient store;
    private final Ticks ticks;
    private final ScheduledExecutorService scheduler;
    private final int maxWaiters;

    private final ReentrantLock lock = new ReentrantLock();
    final Steps steps;
    // ---- with the lock
    private final ArrayDeque<Asker> line = new ArrayDeque<>();
    private @Nullable Question question;
    /** Until when there is no room for the first: as the store said, and while one rests, as the server said too. */
    private long fullUntil = NOT_SAID;
    /** Whether a timer is set for the first; what another one set before says nothing. */
    private boolean resting;

    private long rests;
    private @Nullable Future<?> timer;
    final ServerBook server = new ServerBook();
    Terms terms;
    private final List<Rule> firstRules;
    long admitted;
    long refused;
    long cancelled;
    long refunded;
    private @Nullable Supplier<Gate> heir;

    /**
     * By what it asks.
     *
     * @param rules that hold now
     * @param most the largest weight under them
     * @param wall whether one of them goes by the wall clock
     */
    record Terms(List<Rule> rules, int most, boolean wall) {}

    StoreLine(StoreClient store, Terms terms, Ticks ticks, ScheduledExecutorService scheduler, int maxWaiters) {
        this.store = store;
        this.terms = terms;
        firstRules = terms.rules();
        this.ticks = ticks;
        this.scheduler = scheduler;
        steps = new Steps(lock, scheduler, this::planForFirst);
        this.maxWaiters = maxWaiters;
    }

    // ---- the lock

    @Override
    public void lock() {
        lock.lock();
    }

    @Override
    public void unlock() {
        lock.unlock();
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Supplier<Gate> lockOrHeir() {
        lock.lock();
        Supplier<Gate> other = heir;
        if (other != null) {
            lock.unlock();
        }
        return other;
    }

    // ---- with the lock

    /** False if it would be in vain. */
    boolean join(Asker asker) {
        boolean behind = resting && asker.deadline == asker.arrived;
        boolean late = behind || asker.deadline < opensAt(asker.arrived, asker.permits);
        if (late || line.size() >= maxWaiters) {
            refused += asker.permits;
            if (late) {
                return false;
            }
            throw GateState.tooMany(line.size());
        }
        asker.queued = line.add(asker);
        return true;
    }

    /** When somebody who came now could be asked for at the earliest, as far as is known. */
    long opensAt(long now, int permits) {
        return Math.max(server.roomAt(now, permits), resting ? fullUntil : NOT_SAID);
    }

    boolean isEmpty() {
        return line.isEmpty() && question == null;
    }

    int size() {
        return line.size();
    }

    /** Returns whether it was in the line still. */
    boolean remove(Asker asker) {
        if (!asker.queued) {
            return false;
        }
        asker.queued = false;
        boolean first = line.peek() == asker;
        line.remove(asker);
        if (first) {
            stopResting();
        }
        return true;
    }

    void refuseHeavierThan(int most) {
        removeIf(
                asker -> asker.permits > most,
                asker -> new IllegalStateException(GateState.nowTooHeavy(asker.permits, most)));
    }

    private void removeIf(Predicate<Asker> test, Function<Asker, Exception> why) {
        for (Asker asker : List.copyOf(line)) {
            if (test.test(asker) && remove(asker)) {
                cancelled++;
                steps.complete(asker, () -> asker.future.completeExceptionally(why.apply(asker)));
            }
        }
    }

    /** There may be room that the store did not know of. */
    void wake() {
        if (question != null) {
            question.stale = true;
        }
        stopResting();
    }

    private void stopResting() {
        fullUntil = NOT_SAID;
        resting = false;
        rests++;
        Future<?> set = timer;
        timer = null;
        if (set != null) {
            steps.add(() -> set.cancel(false));
        }
    }

    long idleAt() {
        boolean kept = isEmpty() && terms.rules().equals(firstRules);
        return kept ? server.emptyAt() : GateState.NEVER;
    }

    boolean retire(Supplier<Gate> heir) {
        boolean idle = this.heir == null && idleAt() <= ticks.now();
        if (idle) {
            this.heir = heir;
        }
        return idle;
    }

    // ---- what is to be done for the first

    /** Unless something goes on for it already; returns the first. */
    private @Nullable Asker planForFirst() {
        Asker first = line.peek();
        while (first != null && question == null && !resting) {
            long now = ticks.now();
            long until = Math.max(server.roomAt(now, first.permits), fullUntil);
            if (until <= now) {
                askFor(first, now);
            } else if (!refusesBefore(until, first)) {
                fullUntil = until;
                rest(now, terms.wall() ? Math.min(until, now + Books.TRUST) : until);
            }
            first = line.peek();
        }
        return first;
    }

    private void askFor(Asker first, long now) {
        first.asked = now;
        first.rules = terms.rules();
        var asked = new Question(first);
        question = asked;
        steps.add(() -> ask(asked));
    }

    /** Those who could only wait in vain: the first, or else those behind it; returns whether it was the first. */
    private boolean refusesBefore(long until, Asker first) {
        boolean late = first.deadline < until;
        for (Asker asker : late ? List.of(first) : List.copyOf(line)) {
            if (asker.deadline < until && remove(asker)) {
                refused += asker.permits;
                steps.complete(asker, () -> asker.future.cancel(false));
            }
        }
        return late;
    }

    private void rest(long now, long until) {
        resting = true;
        long mine = ++rests;
        steps.add(() -> setTimer(mine, until - now));
    }

    // ---- steps, without the lock

    private void setTimer(long mine, long nanos) {
        try {
            Future<?> set = scheduler.schedule(() -> rested(mine), nanos, TimeUnit.NANOSECONDS);
            locked(() -> {
                if (mine == rests) {
                    timer = set;
                } else {
                    steps.add(() -> set.cancel(false));
                }
            });
        } catch (RejectedExecutionException e) {
            locked(() -> removeIf(asker -> true, asker -> e));
        }
    }

    private void rested(long mine) {
        locked(() -> {
            if (mine == rests) {
                timer = null;
                stopResting();
            }
        });
        steps.go();
    }

    private void ask(Question asked) {
        Asker asker = asked.asker;
        CompletableFuture<LimitStore.Answer> answer = store.take(asker.rules, asker.permits);
        // or else the thread that asks goes on, instead of a call within the call
        boolean later = !answer.isDone();
        var unused = answer.whenComplete((said, failure) -> {
            answered(asked, said, failure);
            if (later) {
                steps.go();
            }
        });
        if (later) {
            setDeadline(asked);
        }
    }

    private void setDeadline(Question asked) {
        var late = new TimeoutException("the store of the limit did not answer within " + LONGEST_ANSWER.toSeconds()
                + " seconds; nobody is let through");
        try {
            Future<?> set = scheduler.schedule(
                    () -> {
                        answered(asked, null, late);
                        steps.go();
                    },
                    LONGEST_ANSWER.toNanos(),
                    TimeUnit.NANOSECONDS);
            locked(() -> {
                asked.deadline = set;
                if (question != asked) {
                    steps.add(() -> set.cancel(false));
                }
            });
        } catch (RejectedExecutionException e) {
            answered(asked, null, e);
        }
    }

    private void answered(Question asked, LimitStore.@Nullable Answer answer, @Nullable Throwable failure) {
        Asker asker = asked.asker;
        boolean taken = answer != null && answer.admitted();
        locked(() -> {
            boolean wanted = question == asked && line.peek() == asker;
            if (question == asked) {
                question = null;
                Future<?> deadline = asked.deadline;
                if (deadline != null) {
                    steps.add(() -> deadline.cancel(false));
                }
            }
            if (taken && !wanted) {
                steps.add(() -> giveBack(asker));
            } else if (wanted) {
                settle(asked, answer, failure);
            }
        });
    }

    private void settle(Question asked, LimitStore.@Nullable Answer answer, @Nullable Throwable failure) {
        Asker asker = asked.asker;
        long now = ticks.now();
        if (answer == null) {
            remove(asker);
            steps.complete(asker, () -> asker.future.completeExceptionally(StoreClient.why(failure)));
        } else if (answer.admitted()) {
            remove(asker);
            admitted += asker.permits;
            server.count(now, asker.permits);
            steps.complete(asker, () -> handOver(asker, Duration.ofNanos(now - asker.arrived)));
        } else if (!asked.stale) {
            fullUntil = now + Math.max(1, answer.retryAfter().toNanos());
        }
    }

    private void handOver(Asker asker, Duration waited) {
        if (!asker.future.complete(waited)) {
            giveBackUnused(asker);
        }
    }

    /** Permits that were handed out to somebody who is gone. */
    void giveBackUnused(Asker asker) {
        locked(() -> {
            admitted -= asker.permits;
            cancelled++;
        });
        giveBack(asker);
        steps.go();
    }

    private void giveBack(Asker asker) {
        long age;
        List<Rule> rules;
        lock.lock();
        try {
            age = ticks.now() - asker.asked;
            rules = asker.rules;
        } finally {
            lock.unlock();
        }
        giveBack(rules, asker.permits, age);
    }

    /** The store has room when it has done so. */
    void giveBack(List<Rule> rules, int permits, long age) {
        CompletableFuture<Void> done = store.giveBack(rules, permits, Duration.ofNanos(age));
        boolean later = !done.isDone();
        var unused = done.whenComplete((nothing, failure) -> {
            locked(this::wake);
            if (later) {
                steps.go();
            }
        });
    }
}
