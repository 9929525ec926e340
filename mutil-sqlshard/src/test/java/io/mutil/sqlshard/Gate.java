package io.mutil.sqlshard;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** Keeps the writer of a shard at work until it is opened. */
final class Gate implements AutoCloseable {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    private Gate() {}

    /** Returns once the writer stands before it. */
    static Gate before(Shard shard) throws IOException, InterruptedException {
        var gate = new Gate();
        var unused = shard.begin(Write.of(0, 0, connection -> gate.pass()));
        gate.entered.await();
        return gate;
    }

    private boolean pass() {
        entered.countDown();
        boolean interrupted = false;
        while (opened.getCount() > 0) {
            try {
                opened.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    @Override
    public void close() {
        opened.countDown();
    }
}
