package io.mutil.dispatch;

import org.jspecify.annotations.Nullable;

/** Says why words are no arguments of a command; the caller gets it with the usage. Has no stack trace. */
final class BadValue extends Exception {
    private static final long serialVersionUID = 1;

    BadValue(String reason) {
        this(reason, null);
    }

    /** @param cause what a converter threw */
    BadValue(String reason, @Nullable Throwable cause) {
        super(reason, cause, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
