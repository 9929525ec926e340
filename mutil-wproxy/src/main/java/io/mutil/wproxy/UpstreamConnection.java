package io.mutil.wproxy;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One connection to an upstream, as the proxy uses it. The proxy calls one method at a time, from its upstream's loop. */
public interface UpstreamConnection {
    /**
     * Asks for what the subscribers want by now. Called only when that has changed; for the first time after connecting,
     * with everything as added, if there is anything. The next call comes when this one has completed. A change larger than
     * the chunk that the proxy was given comes in several calls.
     *
     * @param current all keys after this change, in no particular order. It is an unmodifiable view of what the proxy itself
     *     goes on to change: read it on the calling thread before this method returns, and copy it to keep it or to hand it
     *     to another thread
     * @param added keys that were not asked for before; unmodifiable, made for this call, may be kept and read on any thread
     * @param removed keys that are not wanted any more; likewise
     * @return completes when the upstream has been told; a failure ends the connection
     */
    CompletableFuture<Void> updateSubscriptions(Set<String> current, Set<String> added, Set<String> removed);

    /**
     * Says whether somebody wants all that the upstream can send. Called when that has changed, and after connecting if it
     * is so; never while another call has not completed. By default nothing happens, as is right for an upstream that sends
     * everything of its own accord, or cannot.
     */
    default CompletableFuture<Void> updateEverything(boolean wanted) {
        return CompletableFuture.completedFuture(null);
    }

    /** Asks for a pause, because the proxy is behind. What comes all the same is taken. By default nothing happens. */
    default void pause() {}

    /** Ends the pause. */
    default void resume() {}

    /**
     * Ends the connection. The receiver may be told of it or not; what it gets from then on is dropped. Called once at most,
     * maybe when the receiver has just been told that the connection has ended. Must not block.
     *
     * @return completes when nothing of the connection is left; the proxy is closed without waiting for more than ten seconds,
     *     and the log says so. To fail, to throw or to return null is taken for an end, and logged too
     */
    CompletableFuture<Void> closeAsync();
}
