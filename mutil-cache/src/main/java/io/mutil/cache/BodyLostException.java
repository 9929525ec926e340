package io.mutil.cache;

import java.io.IOException;

/** A body went with the disk that held it, so that it has to be fetched again. Never reaches a caller. */
final class BodyLostException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean diskFailed;

    /** @param diskFailed whether the next one had better stay off the disk */
    BodyLostException(boolean diskFailed) {
        super("the body was lost on the disk");
        this.diskFailed = diskFailed;
    }

    boolean diskFailed() {
        return diskFailed;
    }
}
