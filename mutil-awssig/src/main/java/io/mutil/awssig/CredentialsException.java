package io.mutil.awssig;

import org.jspecify.annotations.Nullable;

/** Thrown where a source has no credentials, or has some that cannot be used. Never shows a secret. */
public final class CredentialsException extends RuntimeException {
    private final boolean absent;

    private CredentialsException(String message, @Nullable Throwable cause, boolean absent) {
        super(message, cause);
        this.absent = absent;
    }

    /** Nothing is configured there, so that another source may be asked. */
    static CredentialsException absent(String message) {
        return new CredentialsException(message, null, true);
    }

    /** Something is configured there, and does not work. */
    static CredentialsException broken(String message) {
        return new CredentialsException(message, null, false);
    }

    static CredentialsException broken(String message, Throwable cause) {
        return new CredentialsException(message, cause, false);
    }

    /** The thread that asked was interrupted, which says nothing about the credentials. */
    static CredentialsException interrupted(String message, InterruptedException cause) {
        return broken(message, cause);
    }

    boolean isInterruption() {
        return getCause() instanceof InterruptedException;
    }

    /** The same for another thread, which has a stack of its own. */
    CredentialsException again() {
        return new CredentialsException(String.valueOf(getMessage()), this, absent);
    }

    /** Whether nothing is configured there; else something is, which does not work. */
    public boolean isAbsent() {
        return absent;
    }
}
