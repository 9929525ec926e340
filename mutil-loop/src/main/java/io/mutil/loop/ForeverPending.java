package io.mutil.loop;

/** What a source waits for: a result, or the time to be armed again. Good for one time. */
abstract class ForeverPending {
    /** Begins; throws nothing. */
    abstract void start();

    /** Ends it, as far as that is possible; what it brings later is ignored. */
    abstract void cancel();
}
