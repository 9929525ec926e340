package io.mutil.timer;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/** A logger of {@code java.util.logging}, whose records say which method wrote them. Loaded only where that module is. */
final class JulLog implements Log {
    private final java.util.logging.Logger logger;

    JulLog(String name) {
        logger = java.util.logging.Logger.getLogger(name);
    }

    @Override
    public boolean isOn(Logger.Level level) {
        return logger.isLoggable(level(level));
    }

    @Override
    public boolean tellsCaller() {
        return true;
    }

    @Override
    public void write(Logger.Level level, @Nullable Caller caller, String message) {
        Caller from = requireNonNull(caller, "caller");
        logger.logp(level(level), from.type().getName(), from.method(), message);
    }

    /** The same as the backend of {@link System.Logger} has it. */
    private static Level level(Logger.Level level) {
        return switch (level) {
            case ALL -> Level.ALL;
            case TRACE -> Level.FINER;
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARNING -> Level.WARNING;
            case ERROR -> Level.SEVERE;
            case OFF -> Level.OFF;
        };
    }
}
