package io.mutil.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/**
 * The peer did not answer a request. Thrown by a {@link RequestHandler}, its message is what the asker is told; the
 * connection goes on.
 */
public final class RequestFailedException extends IOException {
    /** Describes the failure in words that the peer may read. */
    public RequestFailedException(String message) {
        super(requireNonNull(message, "message"));
    }
}
