package io.mutil.dispatch;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A run took too long; ours, as an operation may throw its own. */
final class Late extends TimeoutException {
    private static final long serialVersionUID = 1;

    Late(String command, Duration timeout) {
        super("command " + command + " was stopped as it took longer than " + timeout
                + "; raise the timeout of its Verb, or make it do less");
    }
}
