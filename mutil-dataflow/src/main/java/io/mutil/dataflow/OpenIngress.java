package io.mutil.dataflow;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The ingress of a running topology. */
interface OpenIngress {
    /** Lets no more in; its stage ends when what came in before has been handed on. */
    void stop();

    /** Messages and items that were refused because of what they hold. */
    long failures();

    @Nullable
    URI uri();

    /** Ends connections and sockets. */
    CompletableFuture<Void> closeAsync();
}
