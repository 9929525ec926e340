package io.mutil.pipe;

import io.mutil.codec.internal.FrameInbox;
import java.util.concurrent.CompletableFuture;

/** An end that bytes come from. Safe for many threads. */
interface Input extends FrameInbox.Feed {
    /** Begins to read. Called once. */
    void start(FrameInbox inbox);

    /**
     * Stops reading and gives the end back to the operating system; may be called often.
     *
     * @return completes, never with a failure, when that has happened, or when waiting for it would be in vain
     */
    CompletableFuture<Void> closeAsync();
}
