package io.mutil.timer;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Where lines go. */
interface Log {
    boolean isOn(Level level);

    /** Whether a line can say who wrote it, beside its message. */
    boolean tellsCaller();

    /**
     * Writes a line.
     *
     * @param caller not null if this {@linkplain #tellsCaller tells} it
     */
    void write(Level level, @Nullable Caller caller, String message);
}
