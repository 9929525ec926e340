package io.mutil.server;

import java.io.IOException;

/** The stream ended behind a whole frame, but the peer had not said that it would. */
final class EndWithoutCloseException extends IOException {
    EndWithoutCloseException() {
        super("the connection ended without a close frame; the peer failed, or was cut off");
    }
}
