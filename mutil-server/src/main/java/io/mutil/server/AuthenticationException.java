package io.mutil.server;

import java.io.IOException;

/**
 * The two ends did not authenticate each other: other keys, another protocol or version, or somebody who has no business
 * here. The message says what this end saw; the peer was told only that it was refused.
 */
public final class AuthenticationException extends IOException {
    AuthenticationException(String message) {
        super(message);
    }
}
