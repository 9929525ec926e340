package io.mutil.timer;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.Set;

/**
 * Who uses a timer, and where.
 *
 * @param type of the method
 * @param line in its source, negative if unknown
 */
record Caller(Class<?> type, String method, int line) {
    private static final StackWalker WALKER = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);
    private static final Set<Class<?>> OURS =
            Set.of(Caller.class, Timer.class, Section.class, Steps.class, Progress.class, TimedStage.class);

    /** The frame that called this module. Walks the stack, which takes about a microsecond. */
    static Caller find() {
        return WALKER.walk(frames -> frames.filter(frame -> !OURS.contains(frame.getDeclaringClass()))
                        .findFirst())
                .map(Caller::of)
                .orElseGet(() -> new Caller(Timer.class, "close", -1));
    }

    private static Caller of(StackFrame frame) {
        return new Caller(frame.getDeclaringClass(), frame.getMethodName(), frame.getLineNumber());
    }

    /** {@code Loader.load:42}. */
    @Override
    public String toString() {
        String name = type.getName();
        String place = name.substring(name.lastIndexOf('.') + 1) + "." + method;
        return line < 0 ? place : place + ":" + line;
    }
}
