package io.mutil.cache;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** There is no answer: the origin refused, could not be asked, or did not answer in time, and nothing stored may stand in. */
public final class FetchFailedException extends IOException {
    private static final long serialVersionUID = 1;

    /** 0 if there was none. */
    private final int status;

    FetchFailedException(String message, int status, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The status with which the origin refused, for instance 404; 0 if it never answered. */
    public int status() {
        return status;
    }

    /** Whether it is trouble that passes, for which an older answer may stand in; a 403 or a 404 is an answer. */
    boolean isTrouble() {
        return status == 0 || isTrouble(status);
    }

    static boolean isTrouble(int status) {
        return status >= 500 || status == 408 || status == 429;
    }
}
