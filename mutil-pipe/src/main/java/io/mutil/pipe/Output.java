package io.mutil.pipe;

import io.mutil.codec.internal.FrameOutbox;
import java.util.concurrent.CompletableFuture;

/** An end that bytes go to. Safe for many threads. */
interface Output extends FrameOutbox.Drain {
    /** Begins to write. Called once. */
    void start(FrameOutbox outbox);

    /**
     * Stops writing, whatever has not been written, and gives the end back to the operating system; may be called often.
     *
     * @return completes, never with a failure, when that has happened, or when waiting for it would be in vain
     */
    CompletableFuture<Void> closeAsync();
}
