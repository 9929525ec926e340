package io.mutil.dataflow;

import java.util.concurrent.atomic.AtomicInteger;

/** Tells the next stage that nothing will come any more, once every part of this stage is done. */
final class Stage {
    private final AtomicInteger open;
    private final Runnable whenDone;

    Stage(int parts, Runnable whenDone) {
        open = new AtomicInteger(parts);
        this.whenDone = whenDone;
    }

    void partDone() {
        if (open.decrementAndGet() == 0) {
            whenDone.run();
        }
    }
}
