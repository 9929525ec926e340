package io.mutil.s4lru;

import java.io.IOException;
import java.nio.file.Path;

/** The state is open already, in this process or another. */
public final class StateInUseException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Path path;

    StateInUseException(Path path, Throwable cause) {
        super(
                path
                        + " is in use by another process or another S4Lru of this one; close that, or use a state of its own",
                cause);
        this.path = path;
    }

    /** The file of the state. */
    public Path path() {
        return path;
    }
}
