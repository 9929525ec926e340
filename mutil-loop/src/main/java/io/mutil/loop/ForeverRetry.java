package io.mutil.loop;

import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A source that failed waits before it is armed again. */
final class ForeverRetry extends ForeverPending implements Runnable {
    private final ForeverSlot<?> slot;
    private final Duration delay;
    private volatile @Nullable Future<?> timer;

    ForeverRetry(ForeverSlot<?> slot, Duration delay) {
        this.slot = slot;
        this.delay = delay;
    }

    @Override
    void start() {
        try {
            timer = slot.core().schedule(this, delay);
        } catch (Throwable e) {
            slot.complete(this, null, e);
        }
        if (slot.isGone()) {
            cancel();
        }
    }

    @Override
    public void run() {
        slot.armAfter(this);
    }

    @Override
    void cancel() {
        Future<?> started = timer;
        if (started != null) {
            started.cancel(false);
        }
    }
}
