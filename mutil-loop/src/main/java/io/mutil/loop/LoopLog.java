package io.mutil.loop;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Logs where work that must be done comes after it: a handler that throws, or an exception that cannot be printed, ends nothing. */
final class LoopLog {
    private LoopLog() {}

    static void log(Logger logger, Level level, String text, @Nullable Throwable thrown) {
        try {
            logger.log(level, text, thrown);
        } catch (Throwable e) {
            // there is nobody left to tell
        }
    }
}
