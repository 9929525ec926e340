package io.mutil.timer;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who uses a timer, and where. Names and lines are made from the frame only when they are asked for, as that takes longer than
 * finding it.
 */
final class Caller {
    private static final StackWalker WALKER = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);
    private static final Set<Class<?>> OURS =
            Set.of(Caller.class, Timer.class, Section.class, Steps.class, Progress.class, TimedStage.class);

    private final @Nullable StackFrame frame;

    private Caller(@Nullable StackFrame frame) {
        this.frame = frame;
    }

    /** Walks the stack up to the frame that called this module. */
    static Caller find() {
        return new Caller(WALKER.walk(Caller::firstForeign));
    }

    private static @Nullable StackFrame firstForeign(Stream<StackFrame> frames) {
        return frames.filter(frame -> !OURS.contains(frame.getDeclaringClass()))
                .findFirst()
                .orElse(null);
    }

    Class<?> type() {
        return frame == null ? Timer.class : frame.getDeclaringClass();
    }

    String method() {
        return frame == null ? "close" : frame.getMethodName();
    }

    /** {@code Loader.load:42}; without a line if that is unknown. */
    @Override
    public String toString() {
        String name = type().getName();
        String place = name.substring(name.lastIndexOf('.') + 1) + "." + method();
        int line = frame == null ? -1 : frame.getLineNumber();
        return line < 0 ? place : place + ":" + line;
    }
}
