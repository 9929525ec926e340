package io.mutil.timer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Any logger. Its interface has no place for the caller. */
final class SystemLog implements Log {
    private final Logger logger;

    SystemLog(Logger logger) {
        this.logger = logger;
    }

    @Override
    public boolean isOn(Level level) {
        return logger.isLoggable(level);
    }

    @Override
    public boolean tellsCaller() {
        return false;
    }

    @Override
    public void write(Level level, @Nullable Caller caller, String message) {
        logger.log(level, message);
    }
}
