package io.mutil.dispatch;

/** Says why words are no arguments of a command; the caller gets it with the usage. Has no stack trace. */
final class BadValue extends Exception {
    private static final long serialVersionUID = 1;

    BadValue(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
