package io.mutil.wproxy;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What all loops share: it hands each batch to the loops that it concerns.
 *
 * <p>Loops that are behind hold batches. When these have grown too many, the upstream is asked to pause.
 */
final class Hub {
    private static final long PAUSE_AT = 8 << 20;
    private static final long RESUME_AT = PAUSE_AT / 2;

    private final Ledger ledger;
    private final @Nullable History history;
    private final Options options;
    private final LongSupplier nanos;
    private final List<Shard> shards;
    private final AtomicLong subscriptions = new AtomicLong();
    private final AtomicLong pending = new AtomicLong();
    private final LongAdder closedSlow = new LongAdder();
    private final Runnable onPressure;

    /** What subscribers get where their terms say nothing else. */
    record Options(
            ByteBufAllocator allocator,
            String epoch,
            SlowPolicy slowPolicy,
            QueueLimits queueLimits,
            int maxSubscriptions,
            int maxSubscriptionsInAll,
            int maxKeys,
            boolean keepLast,
            boolean statsCommand) {}

    /** @param onPressure when {@link #shouldPause} may say something new; from any thread */
    Hub(
            Ledger ledger,
            @Nullable History history,
            Options options,
            LongSupplier nanos,
            List<? extends ScheduledExecutorService> loops,
            Runnable onPressure) {
        this.ledger = ledger;
        this.history = history;
        this.options = options;
        this.nanos = nanos;
        this.onPressure = onPressure;
        var all = new ArrayList<Shard>();
        for (ScheduledExecutorService loop : loops) {
            all.add(new Shard(this, all.size(), loop));
        }
        this.shards = List.copyOf(all);
    }

    /** Takes over a batch. */
    void publish(Batch batch) {
        if (!concernsAnybody()) {
            batch.share(0, () -> {});
            return;
        }
        count(batch.bytes());
        batch.share(shards.size(), () -> count(-batch.bytes()));
        for (Shard shard : shards) {
            shard.accept(batch);
        }
    }

    /** Behind a batch that is still under way all others follow, or who subscribes meanwhile gets that one and not these. */
    private boolean concernsAnybody() {
        if (remembers() || pending.get() > 0) {
            return true;
        }
        for (Shard shard : shards) {
            if (!shard.subscribers().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void count(long bytes) {
        long now = pending.addAndGet(bytes);
        long before = now - bytes;
        if ((now >= PAUSE_AT) != (before >= PAUSE_AT) || (now < RESUME_AT) != (before < RESUME_AT)) {
            onPressure.run();
        }
    }

    /** @param paused whether the upstream pauses already */
    boolean shouldPause(boolean paused) {
        return pending.get() >= (paused ? RESUME_AT : PAUSE_AT);
    }

    /** Tells all loops that messages are missing behind what was published before. */
    void breakOff(List<Gap> gaps) {
        publish(Batch.ofGaps(gaps));
    }

    /** Whether there may be so many more subscriptions; then they count. */
    boolean reserve(int more) {
        if (subscriptions.addAndGet(more) <= options.maxSubscriptionsInAll() || more <= 0) {
            return true;
        }
        subscriptions.addAndGet(-more);
        return false;
    }

    Ledger ledger() {
        return ledger;
    }

    @Nullable
    History history() {
        return history;
    }

    List<Shard> shards() {
        return shards;
    }

    Options options() {
        return options;
    }

    ByteBufAllocator allocator() {
        return options.allocator();
    }

    /** Whether loops have to know what was last, also of keys that no subscriber of theirs has. */
    boolean remembers() {
        return history != null || options.keepLast();
    }

    boolean keepsLast() {
        return options.keepLast();
    }

    long now() {
        return nanos.getAsLong();
    }

    void closedSlow() {
        closedSlow.increment();
    }

    long closedSlowSoFar() {
        return closedSlow.sum();
    }

    /** Messages handed to connections so far. */
    long delivered() {
        return shards.stream().mapToLong(Shard::delivered).sum();
    }

    /** Messages that were too many for slow subscribers so far. */
    long missed() {
        return shards.stream().mapToLong(Shard::missed).sum();
    }

    /** Those that are there now. */
    List<Subscriber> subscribers() {
        return shards.stream().flatMap(shard -> shard.subscribers().stream()).toList();
    }
}
