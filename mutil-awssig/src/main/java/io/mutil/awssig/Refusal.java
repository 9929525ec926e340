package io.mutil.awssig;

/** Ends a verification. Without a stack, since strangers cause it. */
final class Refusal extends Exception {
    private final Verification.Reason reason;

    Refusal(Verification.Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    static Refusal malformed(String message) {
        return new Refusal(Verification.Reason.MALFORMED, message);
    }

    static Refusal duplicate(String what) {
        return new Refusal(Verification.Reason.DUPLICATE, what + " is there more than once; send it once");
    }

    Verification.Refused asResult() {
        return new Verification.Refused(reason, String.valueOf(getMessage()));
    }
}
