package io.mutil.ratelimit;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One that a store was asked, from when it is sent until it is answered or taken for lost. Guarded by the lock of the line. */
final class Question {
    final Asker asker;
    /** Whether there may be more room than when it was sent. */
    boolean stale;
    /** The timer after which it is lost. */
    @Nullable
    Future<?> deadline;

    Question(Asker asker) {
        this.asker = asker;
    }
}
