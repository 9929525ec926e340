package io.mutil.dataflow;

import java.net.URI;
import java.util.Map;

/** The ingress of a running topology. */
interface OpenIngress extends OpenEnd {
    /** Lets items in. */
    void begin();

    /** Lets no more in; its stage ends when what came in before has been handed on. */
    void stop();

    /** Messages and items that were refused because of what they hold, and sources that broke. */
    default long failures() {
        return 0;
    }

    /** Name and address of each part that listens, if the level is called so. */
    default Map<String, URI> uris(String level) {
        URI uri = uri();
        return uri == null ? Map.of() : Map.of(level, uri);
    }
}
