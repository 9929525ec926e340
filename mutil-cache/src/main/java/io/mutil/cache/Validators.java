package io.mutil.cache;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * By what an origin can tell that a stored answer still holds.
 *
 * @param etag its {@code ETag}
 * @param lastModified its {@code Last-Modified}, as it was sent
 */
public record Validators(Optional<String> etag, Optional<String> lastModified) {
    static final Validators NONE = new Validators(Optional.empty(), Optional.empty());

    static Validators of(Map<String, List<String>> headers) {
        return new Validators(first(headers, "etag"), first(headers, "last-modified"));
    }

    private static Optional<String> first(Map<String, List<String>> headers, String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** Whether there are none, so that only a whole answer will do. */
    public boolean isEmpty() {
        return etag.isEmpty() && lastModified.isEmpty();
    }
}
