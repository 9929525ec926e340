package io.mutil.awssig;

import java.io.IOException;

/** Thrown while a body is read that is not the one that was signed. The request should be refused as a whole. */
public final class BodyRefusedException extends IOException {
    BodyRefusedException(String message) {
        super(message);
    }
}
