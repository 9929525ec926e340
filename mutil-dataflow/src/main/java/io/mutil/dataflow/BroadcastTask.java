package io.mutil.dataflow;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Sends the items of an inbox to all peers of a network egress; runs on the event loop of those peers. */
final class BroadcastTask<T, M> extends ReceiverTask<T> {
    private final EventExecutor loop;
    private final Batch<T, M> batch;
    private final Duration batchDelay;
    private final Audience<M> audience;
    private final LongAdder discarded = new LongAdder();
    private @Nullable Future<?> timer;
    private boolean turnWaits;

    BroadcastTask(
            FlowContext context,
            EventExecutor loop,
            Edge edge,
            Stage stage,
            BatchOptions<T> options,
            Wire<M> wire,
            Failures<T> failures) {
        super(context, loop, edge, stage);
        this.loop = loop;
        this.batch = new Batch<>(options.codec(), options.maxItems(), wire, failures);
        this.batchDelay = options.maxDelay();
        this.audience = new Audience<>(options.slowReaders(), wire);
    }

    @Override
    boolean canBeHelped() {
        return false;
    }

    @Override
    boolean canTake() {
        turnWaits = audience.isWaiting();
        return !turnWaits;
    }

    @Override
    boolean take(T item) {
        if (audience.isEmpty()) {
            discarded.increment();
            return true;
        }
        return !batch.add(item) || sendBatch();
    }

    @Override
    boolean endTurn(boolean last) {
        if (!audience.isWaiting() && batch.size() > 0) {
            if (last || batchDelay.isZero()) {
                sendBatch();
            } else if (timer == null) {
                timer = loop.schedule(this::batchIsDue, batchDelay.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        audience.flush();
        return canTake();
    }

    private void batchIsDue() {
        timer = null;
        if (!audience.isWaiting() && batch.size() > 0) {
            sendBatch();
            audience.flush();
        }
    }

    /** False if the message has to wait for a peer. */
    private boolean sendBatch() {
        if (audience.isEmpty()) {
            discarded.add(batch.size());
            batch.clear();
            return true;
        }
        M message = batch.take();
        if (message == null) {
            return true;
        }
        try {
            return audience.offer(message);
        } finally {
            audience.release(message);
        }
    }

    /** Adds a peer; on the loop. */
    void add(Member<M> member) {
        audience.add(member);
    }

    /** A peer has gone; on the loop. */
    void remove(Member<M> member) {
        audience.remove(member);
        goOn();
    }

    /** A peer may have room again; on the loop. */
    void goOn() {
        if (audience.retry() && turnWaits) {
            turnWaits = false;
            resume();
        }
    }

    /** Lets go of what waits for a peer. */
    void abort() {
        loop.execute(() -> {
            audience.giveUp();
            goOn();
        });
    }

    @Override
    void finished() {
        if (timer != null) {
            timer.cancel(false);
        }
        context().countLost(batch.size());
        batch.clear();
    }

    /** Items that came while nobody was connected, and messages that single peers missed. */
    long discarded() {
        return discarded.sum() + audience.skipped();
    }

    /** Peers that are connected now; asked by any thread. */
    int connections() {
        return audience.size();
    }

    /** Counts messages that one peer does not get; called by any thread. */
    void countMissed(long messages) {
        discarded.add(messages);
    }
}
