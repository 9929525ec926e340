package io.mutil.frame;

import java.lang.StackWalker.StackFrame;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An event of {@code java.util.logging} with the class and the method of the caller. */
final class JulLog {
    private JulLog() {}

    static void log(String name, System.Logger.Level level, String text, StackFrame caller) {
        Logger.getLogger(name).logp(level(level), caller.getClassName(), caller.getMethodName(), text);
    }

    /** As the JDK translates them. */
    private static Level level(System.Logger.Level level) {
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
