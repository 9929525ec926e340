package io.mutil.dataflow;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The ingress of a running topology. */
interface OpenIngress {
    /** Lets items in. */
    void begin();

    /** Lets no more in; its stage ends when what came in before has been handed on. */
    void stop();

    /** Messages and items that were refused because of what they hold, and sources that broke. */
    default long failures() {
        return 0;
    }

    /** Where it listens, if it does. */
    default @Nullable URI uri() {
        return null;
    }

    /** Name and address of each part that listens, if the level is called so. */
    default Map<String, URI> uris(String level) {
        URI uri = uri();
        return uri == null ? Map.of() : Map.of(level, uri);
    }

    /** Ends connections and sockets. */
    default CompletableFuture<Void> closeAsync() {
        return CompletableFuture.completedFuture(null);
    }
}
