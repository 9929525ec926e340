package io.mutil.dispatch;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of lines. */
final class Tally {
    private final LongAdder begun = new LongAdder();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private final LongAdder cancelled = new LongAdder();

    void begin() {
        begun.increment();
    }

    void end(Running run, @Nullable Throwable reason) {
        counter(run, reason).increment();
    }

    /** An operation may run lines of other tables, whose exceptions are no more than a failure here. */
    private LongAdder counter(Running run, @Nullable Throwable reason) {
        if (run.isStopped()) {
            return reason instanceof Late ? timedOut : cancelled;
        }
        if (reason == null) {
            return succeeded;
        }
        if (reason instanceof DispatchException && !run.hasOperated()) {
            return refused;
        }
        boolean gaveUp = reason instanceof CancellationException || reason instanceof InterruptedException;
        return gaveUp ? cancelled : failed;
    }

    DispatchStats stats(int commands) {
        // what ended before what began, so that no run ends twice in these figures
        long good = succeeded.sum();
        long no = refused.sum();
        long bad = failed.sum();
        long late = timedOut.sum();
        long stopped = cancelled.sum();
        long running = begun.sum() - good - no - bad - late - stopped;
        return new DispatchStats(commands, running, good, no, bad, late, stopped);
    }
}
