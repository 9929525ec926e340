package io.mutil.ratelimit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers through as a store says, in order of arrival: only the first in the line asks, one question at a time.
 */
final class StoreGate implements Gate {
    private final LimitStore store;
    private final String key;
    private final Duration margin;
    private final Ticks ticks;
    private final ScheduledExecutorService scheduler;
    private final int maxWaiters;
    private final long longestHold;

    /** Calls for the next question; whoever makes the first asks for all, so that answers at once do not pile up calls. */
    private final AtomicInteger calls = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock();
    // ---- with the lock
    private final ArrayDeque<Asker> line = new ArrayDeque<>();
    private final ServerBook server = new ServerBook();
    private List<Rule> rules;
    /** From a question until what follows from its answer. */
    private boolean asking;

    private @Nullable Future<?> timer;
    private long askAt = Long.MIN_VALUE;
    private long admitted;
    private long refused;
    private long cancelled;
    private long refunded;

    StoreGate(
            LimitStore store,
            String key,
            List<Rule> rules,
            Duration margin,
            Ticks ticks,
            ScheduledExecutorService scheduler,
            int maxWaiters,
            long longestHold) {
        this.store = store;
        this.key = key;
        this.rules = rules;
        this.margin = margin;
        this.ticks = ticks;
        this.scheduler = scheduler;
        this.maxWaiters = maxWaiters;
        this.longestHold = longestHold;
    }

    private static final class Asker {
        private final int permits;
        private final long arrived;
        private final CompletableFuture<Duration> future = new CompletableFuture<>();

        Asker(int permits, long arrived) {
            this.permits = permits;
            this.arrived = arrived;
        }
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    // ---- asking

    private CompletionStage<LimitStore.Answer> ask(int permits) {
        try {
            return store.take(new LimitStore.Request(key, rules(), margin, permits));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Asks for the first in the line, unless an answer is awaited. */
    private void next() {
        if (calls.getAndIncrement() == 0) {
            do {
                askForFirst();
            } while (calls.decrementAndGet() > 0);
        }
    }

    private void askForFirst() {
        Asker first;
        long held;
        lock.lock();
        try {
            first = line.peek();
            if (asking || first == null) {
                return;
            }
            asking = true;
            long now = ticks.now();
            held = server.roomAt(now, first.permits) - now;
        } finally {
            lock.unlock();
        }
        if (held > 0) {
            askIn(held);
        } else {
            var unused = ask(first.permits).whenComplete((answer, failure) -> answered(first, answer, failure));
        }
    }

    private void answered(Asker first, LimitStore.@Nullable Answer answer, @Nullable Throwable failure) {
        boolean taken = answer != null && answer.admitted();
        boolean again = locked(() -> {
            boolean gone = line.peek() != first;
            if (answer != null && !taken && !gone) {
                return true;
            }
            asking = false;
            line.remove(first);
            if (taken) {
                admitted += first.permits;
                server.count(ticks.now(), first.permits);
            }
            return false;
        });
        if (again && answer != null) {
            askIn(Math.max(1, answer.retryAfter().toNanos()));
            return;
        }
        if (failure != null) {
            first.future.completeExceptionally(cause(failure));
        } else if (taken && !first.future.complete(Duration.ofNanos(ticks.now() - first.arrived))) {
            giveBack(first.permits, Duration.ZERO);
        }
        next();
    }

    private void askIn(long nanos) {
        try {
            Future<?> set = scheduler.schedule(this::askAgain, nanos, TimeUnit.NANOSECONDS);
            locked(() -> {
                timer = set;
                askAt = ticks.now() + nanos;
                return null;
            });
        } catch (RejectedExecutionException e) {
            List<Asker> all = locked(() -> {
                asking = false;
                List<Asker> waiting = List.copyOf(line);
                line.clear();
                return waiting;
            });
            all.forEach(asker -> asker.future.completeExceptionally(e));
        }
    }

    private void askAgain() {
        locked(() -> {
            asking = false;
            timer = null;
            return null;
        });
        next();
    }

    private void leave(Asker asker) {
        boolean ask = locked(() -> {
            boolean first = line.peek() == asker;
            if (!line.remove(asker)) {
                return false;
            }
            cancelled++;
            Future<?> set = timer;
            if (first && set != null && set.cancel(false)) {
                timer = null;
                asking = false;
                return true;
            }
            return false;
        });
        if (ask) {
            next();
        }
    }

    private void giveBack(int permits, Duration age) {
        var unused = store.giveBack(new LimitStore.Request(key, rules(), margin, permits), age);
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        return wrapped && cause != null ? cause : failure;
    }

    private static RuntimeException failed(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof RuntimeException known
                ? known
                : new IllegalStateException("the store of the limit failed, nobody is let through", cause);
    }

    // ---- the gate

    @Override
    public boolean tryAcquire(int permits) {
        boolean closed = locked(() -> {
            long now = ticks.now();
            return !line.isEmpty() || server.roomAt(now, permits) > now;
        });
        boolean got = false;
        if (!closed) {
            try {
                got = ask(permits).toCompletableFuture().join().admitted();
            } catch (CompletionException e) {
                throw failed(e);
            }
        }
        count(permits, got);
        return got;
    }

    private void count(int permits, boolean got) {
        locked(() -> {
            if (got) {
                admitted += permits;
                server.count(ticks.now(), permits);
            } else {
                refused += permits;
            }
            return null;
        });
    }

    @Override
    public boolean tryAcquire(int permits, long timeout) throws InterruptedException {
        CompletableFuture<Duration> future = acquireAsync(permits);
        try {
            var unused = future.get(timeout, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            if (!future.cancel(false)) {
                return true;
            }
            count(permits, false);
            return false;
        } catch (InterruptedException e) {
            giveUp(future, permits);
            throw e;
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    @Override
    public Duration acquire(int permits) throws InterruptedException {
        CompletableFuture<Duration> future = acquireAsync(permits);
        try {
            return future.get();
        } catch (InterruptedException e) {
            giveUp(future, permits);
            throw e;
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    private void giveUp(CompletableFuture<Duration> future, int permits) {
        if (!future.cancel(false) && !future.isCompletedExceptionally()) {
            giveBack(permits, Duration.ZERO);
        }
    }

    @Override
    public CompletableFuture<Duration> acquireAsync(int permits) {
        var asker = new Asker(permits, ticks.now());
        boolean full = locked(() -> line.size() >= maxWaiters || !line.add(asker));
        if (full) {
            count(permits, false);
            return CompletableFuture.failedFuture(GateState.tooMany(maxWaiters));
        }
        var unused = asker.future.whenComplete((waited, failure) -> leave(asker));
        next();
        return asker.future;
    }

    @Override
    public Reservation reserve(int permits) {
        throw new UnsupportedOperationException(
                "a limit whose books are in a store reserves nothing; use acquireAsync, or a limit without a store");
    }

    @Override
    public void refund(int permits, long age) {
        locked(() -> refunded += permits);
        giveBack(permits, Duration.ofNanos(age));
    }

    @Override
    public Duration peek(int permits) {
        return locked(() -> {
            long now = ticks.now();
            return Duration.ofNanos(Math.max(server.roomAt(now, permits), line.isEmpty() ? now : askAt) - now);
        });
    }

    @Override
    public void change(List<Rule> newRules) {
        locked(() -> rules = newRules);
    }

    @Override
    public void observe(ServerWord word) {
        locked(() -> {
            server.learn(ticks.now(), word, longestHold);
            return null;
        });
    }

    @Override
    public List<Rule> rules() {
        return locked(() -> rules);
    }

    @Override
    public RateLimitStats stats() {
        return locked(() -> {
            Duration held = Duration.ofNanos(Math.max(0, server.heldUntil() - ticks.now()));
            return new RateLimitStats(admitted, refused, cancelled, refunded, line.size(), -1, held);
        });
    }

    @Override
    public long idleAt() {
        return locked(() -> line.isEmpty() ? server.emptyAt() : GateState.NEVER);
    }

    /** Everything that counts is in the store. */
    @Override
    public boolean retire(Supplier<Gate> heir) {
        return locked(() -> line.isEmpty() && server.emptyAt() <= ticks.now());
    }
}
