package io.mutil.cache;

import java.io.IOException;

/** A file does not hold what it should. */
final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final boolean ours;

    /** Says whether it is a file of ours, which may be deleted. */
    DamagedException(String message, boolean ours) {
        super(message);
        this.ours = ours;
    }

    boolean ours() {
        return ours;
    }
}
