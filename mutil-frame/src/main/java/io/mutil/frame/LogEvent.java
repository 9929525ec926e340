package io.mutil.frame;

import java.lang.StackWalker.StackFrame;
import java.util.Set;

/** A text as one event of a log, from where our caller is. */
final class LogEvent {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final Set<Class<?>> OURS = Set.of(LogEvent.class, FramePrinter.class);
    private static final String JUL = "java.logging";

    private LogEvent() {}

    /** Who called us. */
    static StackFrame caller() {
        return WALKER.walk(frames -> frames.dropWhile(frame -> OURS.contains(frame.getDeclaringClass()))
                .findFirst()
                .orElseThrow());
    }

    static void log(System.Logger logger, System.Logger.Level level, String text, StackFrame caller) {
        if (isJul(logger)) {
            // asked through System.Logger it would take us for the caller
            JulLog.log(logger.getName(), level, text, caller);
        } else {
            logger.log(level, text);
        }
    }

    /** Whether it is one of the JDK's own, which hand on to {@code java.util.logging}. */
    private static boolean isJul(System.Logger logger) {
        String module = logger.getClass().getModule().getName();
        return ("java.base".equals(module) || JUL.equals(module))
                && JUL.equals(System.LoggerFinder.getLoggerFinder()
                        .getClass()
                        .getModule()
                        .getName());
    }
}
