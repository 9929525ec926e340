package io.mutil.timer;

import java.lang.System.Logger;
import java.util.Set;

/** Finds logs. */
final class Logs {
    private static final System.LoggerFinder FINDER = System.LoggerFinder.getLoggerFinder();
    private static final String JUL = "java.logging";
    /** The finder of that module is in charge only where it is there and nobody put another in its place. */
    private static final boolean IS_JUL = isIn(FINDER, Set.of(JUL));

    private static final ClassValue<Log> BY_CLASS = new ClassValue<>() {
        @Override
        protected Log computeValue(Class<?> type) {
            Class<?> host = type.getNestHost();
            return IS_JUL
                    ? new JulLog(host.getName())
                    : new SystemLog(FINDER.getLogger(host.getName(), host.getModule()));
        }
    };

    private Logs() {}

    /** The log named after a class, or after the class around it. */
    static Log of(Class<?> type) {
        return BY_CLASS.get(type);
    }

    /** The log behind a logger, which may be one of the JDK's that stand before {@code java.util.logging}. */
    static Log of(Logger logger) {
        boolean standsBefore = IS_JUL && isIn(logger, Set.of("java.base", JUL));
        return standsBefore ? new JulLog(logger.getName()) : new SystemLog(logger);
    }

    private static boolean isIn(Object object, Set<String> modules) {
        String name = object.getClass().getModule().getName();
        return name != null && modules.contains(name);
    }
}
