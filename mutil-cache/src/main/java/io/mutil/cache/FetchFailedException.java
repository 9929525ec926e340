package io.mutil.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
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

    /** What a failed fetch is to its callers. What others say may hold secrets, and is in the cause alone. */
    static FetchFailedException of(Key key, Throwable failure) {
        return failure instanceof FetchFailedException known
                ? known
                : new FetchFailedException(
                        key + " could not be fetched, " + failure.getClass().getSimpleName() + ": see the cause",
                        0,
                        failure);
    }

    static FetchFailedException tooLate(Key key, long timeout) {
        return decided(key, new TimeoutException("no answer within " + Duration.ofMillis(timeout)));
    }

    static FetchFailedException closed(Key key) {
        return decided(key, new IllegalStateException("the cache was closed"));
    }

    /** By the cache itself, so that the reason can be told. */
    private static FetchFailedException decided(Key key, Exception reason) {
        return new FetchFailedException(key + " could not be fetched: " + reason.getMessage(), 0, reason);
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
