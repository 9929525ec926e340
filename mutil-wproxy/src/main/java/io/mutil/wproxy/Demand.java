package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the subscriptions of the upstream equal to what the subscribers hold, and says only what is different.
 *
 * <p>Changes are gathered for a moment, a key that nobody holds any more stays for a while, and a large change goes out in
 * chunks, one after the other. Confined to the loop, but for {@link #changed}.
 */
final class Demand {
    private final ScheduledExecutorService loop;
    private final LongSupplier nanos;
    private final Pace pace;
    private final Predicate<Key> forget;
    private final BiConsumer<UpstreamConnection, Throwable> onFailure;

    private final Queue<Key> changes = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean gathering = new AtomicBoolean();

    /** Held by nobody since when, the earliest first. */
    private final Map<Key, Long> lingering = new LinkedHashMap<>();

    private final Set<Key> toAdd = new LinkedHashSet<>();
    private final Set<Key> toRemove = new LinkedHashSet<>();
    private final Set<String> told = new LinkedHashSet<>();
    private @Nullable Key everything;
    private boolean awaiting;
    private boolean saying;
    private volatile int subscriptions;
    private @Nullable UpstreamConnection connection;

    /**
     * How fast to follow the subscribers.
     *
     * @param debounce how long changes are gathered
     * @param linger how long a key stays that nobody holds
     * @param chunk keys in one call at most
     */
    record Pace(Duration debounce, Duration linger, int chunk) {}

    /**
     * @param nanos the time
     * @param forget forgets a key that is not subscribed to any more, unless it is held again
     * @param onFailure gets a connection that could not be told, and why
     */
    Demand(
            ScheduledExecutorService loop,
            LongSupplier nanos,
            Pace pace,
            Predicate<Key> forget,
            BiConsumer<UpstreamConnection, Throwable> onFailure) {
        this.loop = loop;
        this.nanos = nanos;
        this.pace = pace;
        this.forget = forget;
        this.onFailure = onFailure;
    }

    /** A key may be held now that was not, or the other way round. From any thread. */
    void changed(Key key) {
        if (key.queue()) {
            changes.add(key);
        }
        if (gathering.compareAndSet(false, true)) {
            schedule(this::gather, pace.debounce().toNanos());
        }
    }

    private void schedule(Runnable task, long delayNanos) {
        var unused = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void gather() {
        gathering.set(false);
        for (Key key = changes.poll(); key != null; key = changes.poll()) {
            key.unqueue();
            note(key);
        }
        say();
    }

    private void note(Key key) {
        if (key.isForgotten()) {
            // its last change was late; there may be another key of this name by now
            return;
        }
        lingering.remove(key);
        if (!key.isHeld() && !pace.linger().isZero()) {
            lingering.put(key, nanos.getAsLong());
            awaitFirst();
        }
        decide(key);
    }

    private void decide(Key key) {
        toAdd.remove(key);
        toRemove.remove(key);
        boolean wanted = key.isHeld() || lingering.containsKey(key);
        if (wanted && !key.isTold()) {
            toAdd.add(key);
        } else if (!wanted && key.isTold()) {
            toRemove.add(key);
        } else if (!wanted) {
            forget(key);
        }
        everything = key.isEverything() ? key : everything;
    }

    private void forget(Key key) {
        if (forget.test(key)) {
            key.forget();
        }
    }

    private void awaitFirst() {
        if (!awaiting && !lingering.isEmpty()) {
            awaiting = true;
            long since = lingering.values().iterator().next();
            schedule(this::endLinger, Math.max(0, pace.linger().toNanos() - (nanos.getAsLong() - since)));
        }
    }

    private void endLinger() {
        awaiting = false;
        long now = nanos.getAsLong();
        Iterator<Map.Entry<Key, Long>> earliest = lingering.entrySet().iterator();
        while (earliest.hasNext()) {
            Map.Entry<Key, Long> entry = earliest.next();
            if (now - entry.getValue() < pace.linger().toNanos()) {
                break;
            }
            earliest.remove();
            decide(entry.getKey());
        }
        awaitFirst();
        say();
    }

    /** There is a connection, which has been asked for nothing yet. */
    void connected(UpstreamConnection fresh, Collection<Key> known) {
        disconnected(known);
        connection = fresh;
        say();
    }

    /** Nothing is subscribed to any more. */
    void disconnected(Collection<Key> known) {
        connection = null;
        saying = false;
        told.clear();
        subscriptions = 0;
        for (Key key : known) {
            key.told(false);
            decide(key);
        }
    }

    /** One call at a time. */
    private void say() {
        UpstreamConnection to = connection;
        if (to == null || saying) {
            return;
        }
        if (everything != null && (toAdd.remove(everything) || toRemove.remove(everything))) {
            boolean wanted = !everything.isTold();
            tell(everything, wanted);
            await(to, () -> to.updateEverything(wanted));
        } else if (!toRemove.isEmpty() || !toAdd.isEmpty()) {
            Set<String> removed = take(toRemove, pace.chunk(), false);
            Set<String> added = take(toAdd, pace.chunk() - removed.size(), true);
            subscriptions = told.size();
            Set<String> current = Collections.unmodifiableSet(told);
            await(to, () -> to.updateSubscriptions(current, added, removed));
        }
    }

    private Set<String> take(Set<Key> from, int atMost, boolean add) {
        List<Key> taken = new ArrayList<>();
        for (Iterator<Key> i = from.iterator(); i.hasNext() && taken.size() < atMost; ) {
            taken.add(i.next());
            i.remove();
        }
        var names = new LinkedHashSet<String>();
        for (Key key : taken) {
            String name = requireNonNull(key.name());
            names.add(name);
            if (add) {
                told.add(name);
            } else {
                told.remove(name);
            }
            tell(key, add);
        }
        return Collections.unmodifiableSet(names);
    }

    private void tell(Key key, boolean wanted) {
        key.told(wanted);
        if (!wanted) {
            forget(key);
        }
    }

    /** A call that fails in whatever way. */
    private interface Call {
        CompletableFuture<Void> begin();
    }

    private void await(UpstreamConnection to, Call call) {
        saying = true;
        CompletableFuture<Void> done;
        try {
            done = requireNonNull(call.begin(), "what an upstream gives");
        } catch (Throwable e) {
            done = CompletableFuture.failedFuture(e);
        }
        var unused = done.whenCompleteAsync((v, e) -> said(to, e), loop);
    }

    private void said(UpstreamConnection to, @Nullable Throwable failure) {
        if (to != connection) {
            return;
        }
        saying = false;
        if (failure != null) {
            onFailure.accept(to, failure);
        } else {
            say();
        }
    }

    /** How many keys the upstream has been asked for. From any thread. */
    int subscriptions() {
        return subscriptions;
    }

    /** Whether the upstream has been asked for anything. On the loop. */
    boolean hasAsked() {
        return !told.isEmpty() || (everything != null && everything.isTold());
    }
}
