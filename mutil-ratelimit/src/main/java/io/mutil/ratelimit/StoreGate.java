package io.mutil.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Lets callers through as a store says: each joins the line, also who does not want to wait, as long as nobody else waits. */
final class StoreGate implements Gate {
    private final StoreLine line;
    private final Ticks ticks;
    private final long longestHold;
    private final Function<List<Rule>, StoreLine.Terms> terms;

    /** @param terms checks rules */
    StoreGate(StoreLine line, Ticks ticks, long longestHold, Function<List<Rule>, StoreLine.Terms> terms) {
        this.line = line;
        this.ticks = ticks;
        this.longestHold = longestHold;
        this.terms = terms;
    }

    // ---- permits

    @Override
    public boolean tryAcquire(int permits) {
        Supplier<Gate> heir = line.lockOrHeir();
        if (heir != null) {
            return heir.get().tryAcquire(permits);
        }
        var asker = Asker.attempt(permits, ticks.now());
        try {
            if (!join(asker)) {
                return false;
            }
        } catch (RejectedExecutionException e) {
            return false;
        } finally {
            line.unlock();
        }
        line.steps.goUntilDone(asker);
        return isAdmitted(asker);
    }

    /** With the lock. */
    private boolean join(Asker asker) {
        Checks.weight(asker.permits, line.terms.most());
        return line.join(asker);
    }

    /** Waits for the end of it, which is near. */
    private static boolean isAdmitted(Asker asker) {
        try {
            var unused = asker.future.join();
            return true;
        } catch (CancellationException e) {
            return false;
        } catch (CompletionException e) {
            throw failed(e);
        }
    }

    private static RuntimeException failed(Exception failure) {
        Throwable cause = failure.getCause();
        return cause instanceof RuntimeException known
                ? known
                : new IllegalStateException("the store of the limit failed, nobody is let through", cause);
    }

    @Override
    public boolean tryAcquire(int permits, long timeout) throws InterruptedException {
        stopIfInterrupted();
        Supplier<Gate> heir = line.lockOrHeir();
        if (heir != null) {
            return heir.get().tryAcquire(permits, timeout);
        }
        long now = ticks.now();
        var asker = new Asker(permits, now, now + timeout);
        try {
            if (!join(asker)) {
                return false;
            }
        } finally {
            line.unlock();
        }
        line.steps.goFor(asker);
        try {
            var unused = asker.future.get(timeout, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return !removes(asker, true) && isAdmitted(asker);
        } catch (CancellationException e) {
            return false;
        } catch (InterruptedException e) {
            useNothing(asker);
            throw e;
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    @Override
    public Duration acquire(int permits) throws InterruptedException {
        stopIfInterrupted();
        Supplier<Gate> heir = line.lockOrHeir();
        if (heir != null) {
            return heir.get().acquire(permits);
        }
        var asker = new Asker(permits, ticks.now(), GateState.NEVER);
        try {
            var unused = join(asker);
        } finally {
            line.unlock();
        }
        line.steps.goFor(asker);
        try {
            return asker.future.get();
        } catch (InterruptedException e) {
            useNothing(asker);
            throw e;
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    private static void stopIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Whether it was in the line still. */
    private boolean removes(Asker asker, boolean late) {
        line.lock();
        boolean removed;
        try {
            removed = line.remove(asker);
            if (removed && late) {
                line.refused += asker.permits;
            } else if (removed) {
                line.cancelled++;
            }
        } finally {
            line.unlock();
        }
        if (removed) {
            line.steps.go();
        }
        return removed;
    }

    /** Who is no longer in the line has its outcome already. */
    private void useNothing(Asker asker) {
        if (!removes(asker, false) && !asker.future.isCompletedExceptionally()) {
            line.giveBackUnused(asker);
        }
    }

    @Override
    public CompletableFuture<Duration> acquireAsync(int permits) {
        Supplier<Gate> heir = line.lockOrHeir();
        if (heir != null) {
            return Gate.acquireAsync(heir, permits);
        }
        var asker = new Asker(permits, ticks.now(), GateState.NEVER);
        try {
            var unused = join(asker);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            line.unlock();
        }
        line.steps.goFor(asker);
        if (share(asker)) {
            var unused = asker.future.whenComplete((waited, failure) -> removes(asker, false));
        }
        return asker.future;
    }

    /** Whether somebody has to wait for it still. */
    private boolean share(Asker asker) {
        line.lock();
        try {
            asker.shared = true;
            return asker.queued;
        } finally {
            line.unlock();
        }
    }

    @Override
    public Reservation reserve(int permits) {
        throw new UnsupportedOperationException(
                "a limit whose books are in a store reserves nothing; use acquireAsync, or a limit without a store");
    }

    // ---- the rest

    @Override
    public void refund(int permits, long age) {
        Supplier<Gate> heir = line.lockOrHeir();
        if (heir != null) {
            heir.get().refund(permits, age);
            return;
        }
        line.refunded += permits;
        List<Rule> rules = line.terms.rules();
        line.unlock();
        line.giveBack(rules, permits, age);
        line.steps.go();
    }

    @Override
    public Duration peek(int permits) {
        return line.read(gate -> gate.peek(permits), () -> {
            Checks.weight(permits, line.terms.most());
            long now = ticks.now();
            return Duration.ofNanos(line.opensAt(now, permits) - now);
        });
    }

    @Override
    public void change(List<Rule> rules) {
        StoreLine.Terms changed = terms.apply(rules);
        Supplier<Gate> heir = line.lockOrHeir();
        if (heir != null) {
            heir.get().change(rules);
            return;
        }
        try {
            line.terms = changed;
            line.refuseHeavierThan(changed.most());
            line.wake();
        } finally {
            line.unlock();
        }
        line.steps.go();
    }

    @Override
    public void observe(ServerWord word) {
        Supplier<Gate> heir = line.lockOrHeir();
        if (heir != null) {
            heir.get().observe(word);
            return;
        }
        try {
            var unused = line.server.learn(ticks.now(), word, longestHold);
        } finally {
            line.unlock();
        }
    }

    @Override
    public List<Rule> rules() {
        return line.read(Gate::rules, () -> line.terms.rules());
    }

    @Override
    public RateLimitStats stats() {
        return line.read(Gate::stats, () -> {
            Duration held = Duration.ofNanos(line.server.held(ticks.now()));
            return new RateLimitStats(
                    line.admitted, line.refused, line.cancelled, line.refunded, line.size(), -1, held);
        });
    }

    @Override
    public long idleAt() {
        line.lock();
        try {
            return line.idleAt();
        } finally {
            line.unlock();
        }
    }

    @Override
    public boolean retire(Supplier<Gate> heir) {
        line.lock();
        try {
            return line.retire(heir);
        } finally {
            line.unlock();
        }
    }
}
