package io.mutil.ratelimit;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Books of this process: a shelf for each key. */
final class LocalStore implements LimitStore {
    /** Permits may be given back before the shelves that were found in use look idle. */
    private static final long LONGEST_REST = Duration.ofMillis(100).toNanos();

    private final int maxKeys;
    private final Ticks ticks;

    private final ReentrantLock lock = new ReentrantLock();
    // ---- with the lock
    private final Map<String, Shelf> shelves = new HashMap<>();
    /** When the next shelf may be idle. */
    private long sweepAfter = Long.MIN_VALUE;

    LocalStore(int maxKeys) {
        this(maxKeys, System::nanoTime, Clock.systemUTC());
    }

    LocalStore(int maxKeys, LongSupplier nanoTime, InstantSource clock) {
        this.maxKeys = Checks.positive("maxKeys", maxKeys);
        ticks = new Ticks(nanoTime, clock);
    }

    @Override
    public CompletionStage<Answer> take(Request request) {
        return answer(() -> {
            long now = ticks.now();
            long wait = shelf(request.key(), now)
                    .take(now, request.rules(), request.margin().toNanos(), request.permits());
            return new Answer(wait == 0, Duration.ofNanos(Math.min(wait, Checks.LONGEST.toNanos())));
        });
    }

    private Shelf shelf(String key, long now) {
        Shelf known = shelves.get(key);
        if (known != null) {
            return known;
        }
        if (shelves.size() >= maxKeys && now >= sweepAfter) {
            shelves.values().removeIf(shelf -> shelf.emptyAt(now) <= now);
            long next = shelves.values().stream()
                    .mapToLong(shelf -> shelf.emptyAt(now))
                    .min()
                    .orElse(now);
            sweepAfter = Math.min(next, now + LONGEST_REST);
        }
        if (shelves.size() >= maxKeys) {
            throw KeyedRateLimit.tooMany(shelves.size(), "of each permits count still");
        }
        var added = new Shelf(ticks, () -> ThreadLocalRandom.current().nextLong());
        shelves.put(key, added);
        return added;
    }

    @Override
    public CompletionStage<Void> giveBack(Request request, Duration age) {
        return answer(() -> {
            long now = ticks.now();
            Shelf shelf = shelves.get(request.key());
            if (shelf != null) {
                shelf.giveBack(now, now - age.toNanos(), request.permits());
            }
            return null;
        });
    }

    private <T extends @Nullable Object> CompletionStage<T> answer(Supplier<T> work) {
        lock.lock();
        try {
            return CompletableFuture.completedFuture(work.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            lock.unlock();
        }
    }
}
